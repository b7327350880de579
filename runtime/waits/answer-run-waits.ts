import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';

/**
 * Answers the open waits for the end of those of these runs that have ended, and queues their workflows to be woken.
 * To be called after the statement that ended them: a wait that was opened meanwhile is seen then. Returns how many
 * joined the dispatcher's queue.
 */
export async function answerRunWaits(
  transaction: Transaction,
  orgId: string,
  runIds: readonly string[],
): Promise<number> {
  if (runIds.length === 0) return 0;
  const queued = await transaction.execute(sql`
    WITH answered AS (
      UPDATE waits SET
        status = 'answered',
        closed_at = now(),
        answer = jsonb_build_object('status', runs.status, 'result', runs.result, 'error', runs.error)
      FROM runs
      WHERE runs.id = ANY(${sql.param([...runIds])}::uuid[]) AND runs.finished_at IS NOT NULL
        AND waits.topic = 'run:' || runs.id::text AND waits.status = 'open' AND waits.kind = 'run'
      RETURNING waits.id
    )
    INSERT INTO dispatch_queue (org_id, kind, source_id)
    SELECT ${orgId}::uuid, 'wake', id FROM answered
    RETURNING 1`);
  return queued.length;
}
