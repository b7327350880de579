import { type SQL, sql } from 'drizzle-orm';
import { dayOfCall, partsOfCall, usageKeys, usageSums } from '#runtime/ai/usage-sums.js';
import { type CallFields, matchesFields } from '../calls/call-filter.js';

/** Days in UTC, both among them. */
export interface DaySpan {
  from: string;
  to: string;
}

/**
 * What was used in some days: rows of `ai_daily_usage`, and for days that are not closed of `ai_calls`, in the same columns.
 * What only single calls tell is asked of those that are kept.
 */
export function usedSums(orgId: string, { from, to }: DaySpan, filter: CallFields): SQL {
  const isOfCalls = filter.runId !== undefined || filter.outcome !== undefined;
  const keys = sql.raw(usageKeys.join(', '));
  const open = isOfCalls
    ? sql`date '-infinity'`
    : sql`coalesce((SELECT before FROM ai_closed_usage WHERE org_id = ${orgId}::uuid), date '-infinity')`;
  const condition = matchesFields(filter) ?? sql`true`;
  const ofCalls = sql`SELECT ${dayOfCall} AS day, ${keys}, ${partsOfCall} FROM ai_calls
    WHERE org_id = ${orgId}::uuid AND created_at >= greatest(${from}::date, ${open})::timestamp AT TIME ZONE 'UTC'
      AND created_at < (${to}::date + 1)::timestamp AT TIME ZONE 'UTC' AND ${condition}`;
  if (isOfCalls) return ofCalls;
  return sql`SELECT day, ${keys}, ${sql.raw(usageSums.join(', '))} FROM ai_daily_usage
    WHERE org_id = ${orgId}::uuid AND day BETWEEN ${from}::date AND ${to}::date AND day < ${open} AND ${condition}
    UNION ALL ${ofCalls}`;
}
