import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';

/** The first day of the present period of a budget, in UTC. */
export function startOfPeriod(period: SQLWrapper): SQL {
  return sql`CASE ${period} WHEN 'day' THEN (now() AT TIME ZONE 'UTC')::date
    WHEN 'month' THEN date_trunc('month', now() AT TIME ZONE 'UTC')::date
    ELSE date '1970-01-01' END`;
}
