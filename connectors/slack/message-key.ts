import { z } from 'zod';

const eventType = 'worksynapse_message';

/** Message metadata that lets a repeated attempt recognize what an earlier one posted. Members do not see it. */
export function messageMetadata(idempotencyKey: string) {
  return { event_type: eventType, event_payload: { key: idempotencyKey } };
}

const Metadata = z.looseObject({
  event_type: z.literal(eventType),
  event_payload: z.looseObject({ key: z.string() }),
});

/** True when a message's metadata carries this key. */
export function carriesKey(metadata: unknown, idempotencyKey: string): boolean {
  const read = Metadata.safeParse(metadata);
  return read.success && read.data.event_payload.key === idempotencyKey;
}
