import { eq, inArray } from 'drizzle-orm';
import type { FileStore } from '#core/connector.js';
import type { Transaction } from '#db/client.js';
import { deliveries, events, type runs } from '#db/schema/index.js';
import { unpackValue } from '../packing.js';

type StoredPayload = Pick<typeof deliveries.$inferSelect, 'payload' | 'payloadSha256' | 'payloadSize'>;
type Source = Pick<typeof runs.$inferSelect, 'sourceKind' | 'sourceId' | 'input'>;

/** What a delivery carried, from its row or from the organization's files. */
export async function deliveryPayload(files: FileStore, row: StoredPayload): Promise<unknown> {
  if (row.payloadSha256 === null) return row.payload;
  return unpackValue(files, { ref: row.payloadSha256, size: row.payloadSize });
}

/** What `trigger` is in a run: what its delivery or event carried, or the input it was started with. */
export async function sourcePayload(db: Transaction, files: FileStore, source: Source): Promise<unknown> {
  // Of an event only a run that deals with a failure has an input of its own.
  if (source.sourceKind === 'manual' || source.sourceKind === 'subflow' || source.input !== null)
    return source.input;
  if (source.sourceKind === 'event') {
    const [event] = await db
      .select({ payload: events.payload })
      .from(events)
      .where(eq(events.id, source.sourceId));
    return event?.payload ?? null;
  }
  const [delivery] = await db.select().from(deliveries).where(eq(deliveries.id, source.sourceId));
  return delivery ? deliveryPayload(files, delivery) : null;
}

/** The same of many runs, by their ids, with a query for each kind of source. */
export async function sourcePayloads(
  db: Transaction,
  files: FileStore,
  sources: readonly (Source & { id: string })[],
): Promise<Map<string, unknown>> {
  const ofKind = (kind: Source['sourceKind']) =>
    sources.filter((source) => source.sourceKind === kind && source.input === null);
  const idsOf = (found: readonly Source[]) => found.map(({ sourceId }) => sourceId);
  const [delivered, happened] = [ofKind('delivery'), ofKind('event')];
  const [rows, told] = await Promise.all([
    delivered.length === 0
      ? []
      : db
          .select()
          .from(deliveries)
          .where(inArray(deliveries.id, idsOf(delivered))),
    happened.length === 0
      ? []
      : db
          .select({ id: events.id, payload: events.payload })
          .from(events)
          .where(inArray(events.id, idsOf(happened))),
  ]);
  const payloads = new Map<string, unknown>(told.map(({ id, payload }) => [id, payload]));
  for (const row of rows) payloads.set(row.id, await deliveryPayload(files, row));
  return new Map(
    sources.map(({ id, sourceKind, sourceId, input }) => {
      const isOwn = sourceKind === 'manual' || sourceKind === 'subflow' || input !== null;
      return [id, isOwn ? input : (payloads.get(sourceId) ?? null)];
    }),
  );
}
