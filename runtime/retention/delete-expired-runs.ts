import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';

/** Most runs, and most rows of other kinds, that one transaction deletes. */
const batchSize = 200;

/** Rows that one batch has deleted. */
export interface DeletedBatch {
  runs: number;
  deliveries: number;
  keys: number;
}

/**
 * Deletes some of what an organization has kept for as many days as it shall: runs that ended, with their steps and
 * waits, results of their calls, and deliveries that no run refers to any more. A subflow stays as long as the run that
 * called it may be taken up again, and goes before that. Audit entries and events stay. Call it until nothing was deleted.
 */
export async function deleteExpiredRuns(
  transaction: Transaction,
  days: Readonly<Record<'runs' | 'deliveries', number>>,
): Promise<DeletedBatch> {
  const before = (count: number) => sql`now() - make_interval(days => ${count})`;
  const expired = before(days.runs);
  // A run that is taken up again at this moment is locked, and then no longer one that has ended.
  const doomed = await transaction.execute<{ id: string }>(sql`
    SELECT id FROM runs
    WHERE finished_at < ${expired}
      AND NOT EXISTS (SELECT FROM runs parent WHERE parent.org_id = runs.org_id AND parent.id = runs.parent_run_id
        AND (parent.finished_at IS NULL OR parent.finished_at >= ${expired}))
      AND NOT EXISTS (SELECT FROM runs child WHERE child.org_id = runs.org_id AND child.parent_run_id = runs.id)
      AND NOT EXISTS (SELECT FROM runs handler WHERE handler.org_id = runs.org_id AND handler.failed_run_id = runs.id)
    ORDER BY finished_at LIMIT ${batchSize} FOR UPDATE SKIP LOCKED`);
  if (doomed.length > 0) {
    const ids = sql`ANY(${sql.param(doomed.map(({ id }) => id))}::uuid[])`;
    await transaction.execute(sql`DELETE FROM waits WHERE run_id = ${ids}`);
    await transaction.execute(sql`DELETE FROM run_step_attempts WHERE run_id = ${ids}`);
    await transaction.execute(sql`DELETE FROM run_steps WHERE run_id = ${ids}`);
    await transaction.execute(sql`DELETE FROM runs WHERE id = ${ids}`);
  }
  const deliveries = await transaction.execute(sql`
    DELETE FROM deliveries WHERE (org_id, id) IN (
      SELECT org_id, id FROM deliveries
      WHERE received_at < ${before(days.deliveries)} AND dispatched_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM runs WHERE runs.source_kind = 'delivery' AND runs.source_id = deliveries.id)
      ORDER BY received_at LIMIT ${batchSize} FOR UPDATE SKIP LOCKED)
    RETURNING 1`);
  // The key of a step begins with the id of its run.
  const keys = await transaction.execute(sql`
    DELETE FROM idempotency_keys WHERE (org_id, principal, key) IN (
      SELECT org_id, principal, key FROM idempotency_keys
      WHERE created_at < ${expired} AND principal LIKE 'automation:%'
        AND key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:' AND NOT EXISTS (
          SELECT FROM runs WHERE runs.id = substring(idempotency_keys.key, 1, 36)::uuid)
      LIMIT ${batchSize} FOR UPDATE SKIP LOCKED)
    RETURNING 1`);
  return {
    runs: doomed.length,
    deliveries: deliveries.length,
    keys: keys.length,
  };
}
