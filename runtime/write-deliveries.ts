import { sql } from 'drizzle-orm';
import type { FileStore } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { timeOrderedId } from './outbox.js';
import { storableJson, storableText } from './storable-json.js';

/** One thing that came in: from outside, already proven genuine, or from the clock. */
export interface IncomingDelivery {
  orgId: string;
  /** `github`, `slack`, `email`, `webhook`, `form`, `schedule`. */
  provider: string;
  hookKey: string;
  /** The vendor's delivery id. The same one again, by the same hook, is the same delivery. */
  externalId: string;
  /** Names of the triggers that it fires. */
  triggers: readonly string[];
  payload: unknown;
  /** The delivery that this one repeats on purpose. */
  replayOf?: string;
  /** Its run is made with it, by whoever writes it: the dispatcher has nothing to do. */
  hasRun?: boolean;
}

export interface AcceptedDelivery {
  deliveryId: string;
  /** False for a repeat. */
  isNew: boolean;
}

/** Bytes of JSON up to which a payload is kept in the delivery's own row. */
export const maxRowPayload = 64 * 1024;

/**
 * Writes deliveries of one organization, each once, with their places in the dispatcher's queue, by one statement.
 * Returns what became of each, in their order. Characters that the database refuses become U+FFFD: the sender would
 * repeat such a delivery for ever, and others of the batch would fail with it.
 */
export async function writeDeliveries(
  db: Transaction,
  files: FileStore,
  deliveries: readonly IncomingDelivery[],
): Promise<AcceptedDelivery[]> {
  const rows = await Promise.all(deliveries.map((delivery) => rowOf(files, delivery)));
  const orgId = deliveries[0]?.orgId;
  const written = await db.execute<WrittenRow>(sql`
    WITH written AS (
      INSERT INTO deliveries
        (org_id, id, provider, external_id, hook_key, triggers, payload, payload_sha256, payload_size, replay_of,
          dispatched_at, run_count)
      SELECT ${orgId}::uuid, id, provider, external_id, hook_key, triggers, payload, payload_sha256, payload_size,
        replay_of, CASE WHEN has_run THEN now() END, has_run::integer
      FROM jsonb_to_recordset(${storableJson(rows)}::text::jsonb)
        AS given (id uuid, provider text, external_id text, hook_key text, triggers text[], payload jsonb,
          payload_sha256 text, payload_size integer, replay_of uuid, has_run boolean)
      ON CONFLICT (org_id, provider, hook_key, external_id) DO NOTHING
      RETURNING id, provider, hook_key, external_id, dispatched_at
    ), queued AS (
      INSERT INTO dispatch_queue (org_id, kind, source_id)
      SELECT ${orgId}::uuid, 'delivery', id FROM written WHERE dispatched_at IS NULL
    )
    SELECT id, provider, hook_key, external_id FROM written`);
  // A statement of its own: it also sees what another transaction has written while the first one waited for it.
  const known = written.length < rows.length ? await readEarlier(db, rows) : written;
  const byKey = new Map(known.map((row) => [keyOf(row), row.id]));
  return rows.map((row) => {
    const deliveryId = byKey.get(keyOf(row));
    if (deliveryId === undefined) throw new AppError('internal', 'A delivery was neither written nor found');
    return { deliveryId, isNew: row.id === deliveryId };
  });
}

/** What makes two deliveries one. */
type DeliveryKey = Record<'provider' | 'hook_key' | 'external_id', string>;
type WrittenRow = DeliveryKey & Record<'id', string>;

async function readEarlier(db: Transaction, rows: readonly DeliveryKey[]): Promise<WrittenRow[]> {
  const keys = rows.map(({ provider, hook_key, external_id }) => ({ provider, hook_key, external_id }));
  return db.execute<WrittenRow>(sql`
    SELECT id, provider, hook_key, external_id FROM deliveries
    JOIN jsonb_to_recordset(${JSON.stringify(keys)}::text::jsonb)
      AS given (provider text, hook_key text, external_id text) USING (provider, hook_key, external_id)`);
}

async function rowOf(files: FileStore, delivery: IncomingDelivery) {
  const { provider, externalId, hookKey, triggers, replayOf = null, hasRun = false } = delivery;
  const json = Buffer.from(storableJson(delivery.payload));
  const isLarge = json.length > maxRowPayload;
  return {
    id: timeOrderedId(),
    provider,
    external_id: storableText(externalId),
    hook_key: hookKey,
    triggers,
    payload: isLarge ? null : delivery.payload,
    payload_sha256: isLarge ? (await files.put(json, 'application/json')).sha256 : null,
    payload_size: json.length,
    replay_of: replayOf,
    has_run: hasRun,
  };
}

function keyOf({ provider, hook_key, external_id }: DeliveryKey): string {
  return JSON.stringify([provider, hook_key, external_id]);
}
