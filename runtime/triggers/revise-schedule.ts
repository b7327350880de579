import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';

/** An automation whose schedule in the engine may have to change. */
export interface ScheduledAutomation {
  orgId: string;
  automationId: string;
}

/**
 * Notes, in the transaction that changes it, that the engine has to be told of an automation's schedule, and puts it
 * into the dispatcher's queue. An automation that never had a schedule gets one only with `isScheduled`. Returns
 * whether there is something for the dispatcher to do.
 */
export async function reviseSchedule(
  db: Transaction,
  { orgId, automationId }: ScheduledAutomation,
  isScheduled: boolean,
): Promise<boolean> {
  const [row] = await db.execute<{ queued: number }>(sql`
    WITH revised AS (
      UPDATE schedules SET revision = revision + 1, revised_at = now()
      WHERE automation_id = ${automationId} RETURNING automation_id
    ), added AS (
      INSERT INTO schedules (org_id, automation_id)
      SELECT ${orgId}::uuid, ${automationId}::uuid
      WHERE ${isScheduled}::boolean AND NOT EXISTS (SELECT FROM revised)
      RETURNING automation_id
    ), queued AS (
      INSERT INTO dispatch_queue (org_id, kind, source_id)
      SELECT ${orgId}::uuid, 'schedule', automation_id FROM (TABLE revised UNION ALL TABLE added) AS changed
      RETURNING 1
    )
    SELECT count(*)::integer AS queued FROM queued`);
  return (row?.queued ?? 0) > 0;
}
