import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';

/** What tries are counted by. */
export interface Throttle {
  /** Names what is tried: `account ada@example.com`. Only its hash is kept. */
  key: string;
  /** So many failures in a row cost nothing; each one after them doubles the pause, up to a quarter of an hour. */
  free: number;
}

const maxPauseSeconds = 900;
/** One failure is forgiven each ten minutes, so that an office behind one address does not pay for last week. */
const forgivenSeconds = 600;

/**
 * Counts a try as a failure before it is made, so that many at once gain nothing; `forgive` takes it back. The
 * transaction must be committed also if the try fails. Throws `limit_exceeded` with the time
 * to wait, and then nothing is counted.
 */
export async function countTry(transaction: Transaction, throttles: readonly Throttle[]): Promise<void> {
  const [, ...areCounted] = await Promise.all([
    forgetOld(transaction),
    ...throttles.map((throttle) => count(transaction, throttle)),
  ]);
  const blocking = throttles.find((_, index) => !areCounted[index]);
  if (blocking) throw await blockedBy(transaction, blocking);
}

/** Takes back what `countTry` counted: the try was none of a stranger. */
export async function forgive(transaction: Transaction, throttles: readonly Throttle[]): Promise<void> {
  await Promise.all(
    throttles.map(({ key }) =>
      transaction.execute(sql`
        UPDATE throttles SET failures = greatest(failures - 1, 0), blocked_until = '-infinity' WHERE key = ${hash(key)}`),
    ),
  );
}

/** Forgets all failures of a key. */
export async function forget(transaction: Transaction, key: string): Promise<void> {
  await transaction.execute(sql`DELETE FROM throttles WHERE key = ${hash(key)}`);
}

/**
 * False where tries by it have to wait. By the clock of the moment: a transaction that had to wait began before what it
 * waited for.
 */
async function count(transaction: Transaction, { key, free }: Throttle): Promise<boolean> {
  const hashed = hash(key);
  const forgiven = sql`floor(extract(epoch FROM now() - throttles.last_at) / ${forgivenSeconds}::integer)`;
  const failures = sql`(greatest(throttles.failures - ${forgiven}, 0)::integer + 1)`;
  const [counted] = await transaction.execute(sql`
    INSERT INTO throttles (key, failures, blocked_until) VALUES (${hashed}, 1, '-infinity')
    ON CONFLICT (key) DO UPDATE SET
      failures = ${failures},
      blocked_until = CASE WHEN ${failures} < ${free}::integer THEN '-infinity' ELSE clock_timestamp() + make_interval(secs =>
        least(power(2, least(${failures} - ${free}::integer, 20)), ${maxPauseSeconds}::integer)) END,
      last_at = now()
    WHERE throttles.blocked_until <= clock_timestamp()
    RETURNING true`);
  return counted !== undefined;
}

async function blockedBy(transaction: Transaction, { key }: Throttle): Promise<AppError> {
  const [row] = await transaction.execute<{ waitMs: number }>(sql`
    SELECT greatest(ceil(extract(epoch FROM blocked_until - clock_timestamp()) * 1000), 1)::integer AS "waitMs"
    FROM throttles WHERE key = ${hash(key)}`);
  return new AppError(
    'limit_exceeded',
    'Too many failed tries; wait a little. Where you have signed in before, or with a code of your authenticator app beside the password, you need not',
    { retryAfterMs: row?.waitMs ?? 1000 },
  );
}

async function forgetOld(transaction: Transaction): Promise<void> {
  await transaction.execute(sql`
    DELETE FROM throttles WHERE key IN (
      SELECT key FROM throttles WHERE last_at < now() - interval '2 days'
      ORDER BY last_at LIMIT 10 FOR UPDATE SKIP LOCKED)`);
}

function hash(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
