import { inArray } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { deliveries, events } from '#db/schema/index.js';
import { deliveryPayload } from '#runtime/runs/source-payload.js';
import type { Services } from '#runtime/services.js';
import type { QueueEntry } from './dispatch-batch.js';

/** A delivery or an event, as automations listen to it. */
export interface Source {
  kind: 'delivery' | 'event';
  id: string;
  /** `delivery:github.issue_opened`, `event:task.created`. */
  topics: readonly string[];
  /** Empty for events. */
  hookKey: string;
  payload: unknown;
  /** Of a run's failure: the run, for those that deal with it. */
  failedRunId?: string;
  depth: number;
}

/** Reads what queue entries stand for, in their order. Those that are gone are left out. */
export async function readSources(
  services: Services,
  transaction: Transaction,
  orgId: string,
  entries: readonly QueueEntry[],
): Promise<Source[]> {
  const idsOf = (kind: QueueEntry['kind']) =>
    entries.filter((entry) => entry.kind === kind).map((entry) => entry.sourceId);
  const [delivered, happened] = await Promise.all([
    readDeliveries(services, transaction, orgId, idsOf('delivery')),
    readEvents(transaction, idsOf('event')),
  ]);
  const byId = new Map([...delivered, ...happened].map((source) => [source.id, source]));
  return entries.flatMap(({ sourceId }) => byId.get(sourceId) ?? []);
}

async function readDeliveries(
  services: Services,
  transaction: Transaction,
  orgId: string,
  ids: readonly string[],
): Promise<Source[]> {
  if (ids.length === 0) return [];
  const rows = await transaction
    .select()
    .from(deliveries)
    .where(inArray(deliveries.id, [...ids]));
  const files = services.files(orgId, transaction);
  return Promise.all(
    rows.map(
      async (row): Promise<Source> => ({
        kind: 'delivery',
        id: row.id,
        topics: row.triggers.map((trigger) => `delivery:${trigger}`),
        hookKey: row.hookKey,
        payload: await deliveryPayload(files, row),
        depth: 0,
      }),
    ),
  );
}

async function readEvents(transaction: Transaction, ids: readonly string[]): Promise<Source[]> {
  if (ids.length === 0) return [];
  const rows = await transaction
    .select()
    .from(events)
    .where(inArray(events.id, [...ids]));
  return rows.map(({ id, type, payload, depth }) => ({
    kind: 'event',
    id,
    topics: [`event:${type}`],
    hookKey: '',
    payload,
    depth,
  }));
}
