import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';

/** An event that some step may be waiting for. */
export interface PossibleAnswer {
  id: string;
  topic: string;
  payload: unknown;
}

/**
 * Answers the open waits for these events, and queues their workflows to be woken. A wait takes the first event whose
 * payload contains what it has to.
 */
export async function answerWaits(
  transaction: Transaction,
  orgId: string,
  events: readonly PossibleAnswer[],
): Promise<void> {
  if (events.length === 0) return;
  await transaction.execute(sql`
    WITH answered AS (
      UPDATE waits SET
        status = 'answered',
        closed_at = now(),
        answer = jsonb_build_object('id', event.id, 'type', substr(event.topic, 7), 'payload', event.payload)
      FROM jsonb_to_recordset(${JSON.stringify(events)}::text::jsonb) AS event (id uuid, topic text, payload jsonb)
      WHERE waits.status = 'open' AND waits.kind = 'event' AND waits.topic = event.topic
        AND event.payload @> waits.match
      RETURNING waits.id
    )
    INSERT INTO dispatch_queue (org_id, kind, source_id)
    SELECT DISTINCT ${orgId}::uuid, 'wake', id FROM answered`);
}
