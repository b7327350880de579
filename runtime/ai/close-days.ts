import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { reclaim } from './reclaim.js';
import { lockUsage } from './usage-lock.js';
import { dayOfCall, partsOfCall, usageKeys, usageSums } from './usage-sums.js';

/** Days that are closed in one transaction. */
const mostDays = 31;

/**
 * Sums up the next days of an organization that are over and of which no call is out any more, and notes in the same
 * transaction up to where it has done so; a call that is written down later counts to the first day that is open. What is
 * held back for calls that can't be going on comes free. True if there are more such days.
 */
export async function closeDays(transaction: Transaction, orgId: string): Promise<boolean> {
  await lockUsage(transaction, orgId, 'exclusive');
  await reclaim(transaction);
  const [span] = await transaction.execute<{ first: string; before: string; end: string }>(sql`
    SELECT first::text, least(first + ${mostDays}::integer, last)::text AS before, last::text AS end FROM (
      SELECT coalesce(
        (SELECT before FROM ai_closed_usage WHERE org_id = ${orgId}::uuid),
        (SELECT (min(created_at) AT TIME ZONE 'UTC')::date FROM ai_calls WHERE org_id = ${orgId}::uuid)) AS first,
      least((now() AT TIME ZONE 'UTC')::date,
        (SELECT (min(created_at) AT TIME ZONE 'UTC')::date FROM ai_reservations WHERE org_id = ${orgId}::uuid)) AS last
    ) AS open WHERE first < last`);
  if (!span) return false;
  const { first, before, end } = span;
  const keys = sql.raw(usageKeys.join(', '));
  const sums = sql.raw(usageSums.map((name) => `sum(${name})`).join(', '));
  await transaction.execute(sql`
    INSERT INTO ai_daily_usage (org_id, day, ${keys}, ${sql.raw(usageSums.join(', '))})
    SELECT ${orgId}::uuid, day, ${keys}, ${sums} FROM (
      SELECT ${dayOfCall} AS day, ${keys}, ${partsOfCall} FROM ai_calls
      WHERE org_id = ${orgId}::uuid AND created_at >= ${first}::timestamp AT TIME ZONE 'UTC'
        AND created_at < ${before}::timestamp AT TIME ZONE 'UTC') AS call
    GROUP BY day, ${keys}`);
  await transaction.execute(sql`
    INSERT INTO ai_closed_usage (org_id, before) VALUES (${orgId}::uuid, ${before}::date)
    ON CONFLICT (org_id) DO UPDATE SET before = excluded.before`);
  return before < end;
}
