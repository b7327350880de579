import { sql } from 'drizzle-orm';
import type { PlanLimits } from '#core/automation/limits.js';
import type { Transaction } from '#db/client.js';

type Pace = NonNullable<PlanLimits['throttle']>;

/** Counts the starts of an automation's runs, those of this look included. */
export interface Throttle {
  /** Takes one start of this key, if the period has one left: 0. Else the milliseconds until it has. */
  take(key: string, pace: Pace): Promise<number>;
}

/** The period is the one that ends now: at no time have more than `max` started within the last `perMs`. */
export function createThrottle(transaction: Transaction, automationId: string): Throttle {
  const known = new Map<string, number[]>();
  return {
    async take(key, pace) {
      const id = `${pace.max} ${pace.perMs} ${key}`;
      const ages = known.get(id) ?? (await readAges(transaction, automationId, key, pace));
      known.set(id, ages);
      const oldest = ages[pace.max - 1];
      if (oldest !== undefined) return Math.max(1, Math.ceil(pace.perMs - oldest));
      ages.unshift(0);
      return 0;
    },
  };
}

/** How long ago, in milliseconds, the last starts within the period were; the newest first. */
async function readAges(
  transaction: Transaction,
  automationId: string,
  key: string,
  { max, perMs }: Pace,
): Promise<number[]> {
  const rows = await transaction.execute<{ age_ms: number }>(sql`
    SELECT extract(epoch FROM clock_timestamp() - released_at)::float8 * 1000 AS age_ms FROM runs
    WHERE automation_id = ${automationId} AND throttle_key = ${key}
      AND released_at > clock_timestamp() - ${perMs} * interval '1 millisecond'
    ORDER BY released_at DESC LIMIT ${max}`);
  return rows.map(({ age_ms }) => age_ms);
}
