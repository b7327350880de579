import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';

/** Gives back what is held back for calls that can't be going on any more. Tells how many there were. */
export async function reclaim(transaction: Transaction): Promise<number> {
  const gone = await transaction.execute<{ id: string }>(sql`
    WITH gone AS (
      DELETE FROM ai_reservations WHERE (org_id, id) IN (
        SELECT org_id, id FROM ai_reservations WHERE expires_at <= now() ORDER BY id FOR UPDATE SKIP LOCKED)
      RETURNING id, amount, budget_ids, subject_ids, period_starts),
    sums AS (
      SELECT p.budget_id, p.subject_id, p.period_start, sum(g.amount)::bigint AS amount
      FROM gone g, unnest(g.budget_ids, g.subject_ids, g.period_starts) AS p (budget_id, subject_id, period_start)
      GROUP BY 1, 2, 3),
    locked AS (
      SELECT s.budget_id, s.subject_id, s.period_start FROM ai_spending s JOIN sums USING (budget_id, subject_id, period_start)
      ORDER BY s.budget_id, s.subject_id, s.period_start FOR UPDATE OF s),
    freed AS (
      UPDATE ai_spending s SET reserved = s.reserved - sums.amount
      FROM sums JOIN locked USING (budget_id, subject_id, period_start)
      WHERE s.budget_id = sums.budget_id AND s.subject_id = sums.subject_id AND s.period_start = sums.period_start)
    SELECT id FROM gone`);
  return gone.length;
}
