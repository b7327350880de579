import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';

/** Most runs, and most rows of other kinds, that one transaction deletes. */
const batchSize = 100;
/** How long a memory stays after it has expired, in days. */
const expiredDays = 30;

/**
 * Deletes some conversations with agents in which nothing has happened for so many days, with messages, steps, waits and results of
 * their calls, and memories that expired long ago. One that is at work or waits for something stays, unless it was put away as long ago; what
 * was handed on stays as long as the run that waits for it. Returns how many rows of these kinds. Call it until nothing was deleted.
 */
export async function deleteAgentRuns(transaction: Transaction, days: number): Promise<number> {
  const before = sql`now() - make_interval(days => ${days})`;
  const isOver = (run: string) => sql`(${sql.raw(run)}.status IN ('idle', 'succeeded', 'failed', 'cancelled')
    AND ${sql.raw(run)}.active_at < ${before} AND coalesce(${sql.raw(run)}.finished_at, '-infinity') < ${before}
    OR coalesce(${sql.raw(run)}.deleted_at, 'infinity') < ${before})`;
  // A run in which somebody writes at this moment is locked.
  const doomed = await transaction.execute<{ id: string }>(sql`
    SELECT id FROM agent_runs run
    WHERE ${isOver('run')}
      AND NOT EXISTS (SELECT FROM agent_runs parent WHERE parent.org_id = run.org_id AND parent.id = run.parent_run_id
        AND NOT ${isOver('parent')})
      AND NOT EXISTS (SELECT FROM agent_runs child WHERE child.org_id = run.org_id AND child.parent_run_id = run.id)
    ORDER BY active_at LIMIT ${batchSize} FOR UPDATE SKIP LOCKED`);
  if (doomed.length > 0) {
    const ids = sql`ANY(${sql.param(doomed.map(({ id }) => id))}::uuid[])`;
    await transaction.execute(sql`DELETE FROM waits WHERE agent_run_id = ${ids}`);
    await transaction.execute(sql`DELETE FROM agent_steps WHERE run_id = ${ids}`);
    await transaction.execute(sql`DELETE FROM agent_messages WHERE run_id = ${ids}`);
    await transaction.execute(sql`DELETE FROM agent_runs WHERE id = ${ids}`);
  }
  // The key of a step begins with the id of its run.
  const keys = await transaction.execute(sql`
    DELETE FROM idempotency_keys WHERE (org_id, principal, key) IN (
      SELECT org_id, principal, key FROM idempotency_keys
      WHERE created_at < ${before} AND principal LIKE 'agent:%'
        AND key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:' AND NOT EXISTS (
          SELECT FROM agent_runs WHERE agent_runs.id = substring(idempotency_keys.key, 1, 36)::uuid)
      LIMIT ${batchSize} FOR UPDATE SKIP LOCKED)
    RETURNING 1`);
  const memories = await transaction.execute(sql`
    DELETE FROM agent_memories WHERE (org_id, id) IN (
      SELECT org_id, id FROM agent_memories WHERE expires_at < now() - make_interval(days => ${expiredDays})
      LIMIT ${batchSize} FOR UPDATE SKIP LOCKED)
    RETURNING 1`);
  return doomed.length + keys.length + memories.length;
}
