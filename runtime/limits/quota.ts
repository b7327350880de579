import { type SQL, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import type { Configuration } from '../configuration.js';
import { limitOf, usedOf } from '../quotas/quota-sql.js';
import { lockLimits } from './lock-limits.js';

/** More than can be started in one go. */
const unlimited = 1_000_000_000;

/** How many more runs of an organization may start. Counted down by whoever lets runs start. */
export interface Quota {
  room: number;
  /** Runs that have been let start for the first time, and count to the month. Counted up by whoever lets runs start. */
  begun: number;
  /** Runs wait for room; who comes now has to wait behind them. */
  hasLine: boolean;
  /** There would be more room, were not so many about to begin: soon there is, though none ends. */
  isSoonLarger: boolean;
}

export type QuotaSettings = Pick<
  Configuration,
  'ORGANIZATION_MAX_RUNNING_RUNS' | 'ORGANIZATION_MAX_STARTING_RUNS'
>;

/** Runs at work. Those that wait for the world are not, nor those that wait for a run that they have started. */
const atWork = sql`
  SELECT status FROM runs WHERE held_for IS NULL AND status IN ('queued', 'running')
    AND NOT EXISTS (SELECT FROM waits WHERE waits.run_id = runs.id AND waits.status = 'open' AND waits.kind = 'run')`;

/** How many more runs the organization may start this month, as an integer. */
function roomOfMonth(orgId: string): SQL {
  return sql`least(coalesce(${limitOf(orgId, 'runs')} - ${usedOf(orgId, 'runs')}, ${unlimited}), ${unlimited})::int`;
}

/** True if a run waits for room in the organization. */
export const isQuotaAwaited = sql`EXISTS (SELECT FROM runs AS held WHERE held.held_for = 'quota' AND held.status = 'queued')`;

/** Locks the organization's limits and counts its runs at work, in one trip to the database. */
export async function lockQuota(
  transaction: Transaction,
  orgId: string,
  { ORGANIZATION_MAX_RUNNING_RUNS: max, ORGANIZATION_MAX_STARTING_RUNS: maxStarting }: QuotaSettings,
): Promise<Quota> {
  const [, [row]] = await Promise.all([
    lockLimits(transaction, orgId),
    transaction.execute<{ running: number; starting: number; of_month: number; has_line: boolean }>(sql`
      SELECT ${max}::int - count(*)::int AS running,
        ${maxStarting}::int - (count(*) FILTER (WHERE status = 'queued'))::int AS starting,
        ${roomOfMonth(orgId)} AS of_month, ${isQuotaAwaited} AS has_line
      FROM (${atWork}) AS at_work`),
  ]);
  const { running = 0, starting = 0, of_month = 0, has_line = false } = row ?? {};
  const room = Math.min(running, of_month);
  return { room: Math.min(room, starting), begun: 0, hasLine: has_line, isSoonLarger: starting < room };
}

/** True if so many more runs may start at once. Looks without a lock: some that come at the same moment may all be let in. */
export function hasRoom(orgId: string, max: number, wanted = 1): SQL<boolean> {
  return sql<boolean>`NOT ${isQuotaAwaited} AND ${wanted} <= ${roomOfMonth(orgId)} AND (SELECT count(*) FROM (${atWork} LIMIT ${max}) AS at_work) + ${wanted} <= ${max}`;
}
