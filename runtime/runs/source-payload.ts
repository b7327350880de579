import { eq } from 'drizzle-orm';
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
