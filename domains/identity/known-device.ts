import { randomBytes } from 'node:crypto';
import { and, eq, gt, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { knownDevices, logIns } from '#db/schema/index.js';
import type { CookieJar } from '#runtime/cookie-jar.js';
import type { RequestOrigin } from '#runtime/request-origin.js';
import { hashToken } from './bound-token.js';

const cookieSeconds = 400 * 24 * 60 * 60;
const maxDevices = 50;

/** Hash of the device cookie that came, if it has the form of one. */
export function deviceHash(cookies: CookieJar): string | undefined {
  const token = cookies.get('device');
  return token !== undefined && /^[\w-]{43}$/.test(token) ? hashToken(token) : undefined;
}

/** True if the person has signed in from this browser before. The transaction must have entered the person. */
export async function isKnownDevice(
  transaction: Transaction,
  userId: string,
  hash: string | undefined,
): Promise<boolean> {
  if (hash === undefined) return false;
  const [row] = await transaction
    .select({ hash: knownDevices.hash })
    .from(knownDevices)
    .where(and(eq(knownDevices.userId, userId), eq(knownDevices.hash, hash)));
  return row !== undefined;
}

/** Notes that the person signs in from a known browser; false if it is none. The transaction must have entered the person. */
export async function noteKnownDevice(
  transaction: Transaction,
  userId: string,
  hash: string | undefined,
): Promise<boolean> {
  if (hash === undefined) return false;
  const noted = await transaction
    .update(knownDevices)
    .set({ lastUsedAt: sql`now()` })
    .where(and(eq(knownDevices.userId, userId), eq(knownDevices.hash, hash)))
    .returning({ hash: knownDevices.hash });
  return noted.length > 0;
}

/**
 * Makes the browser known for the person. A cookie of somebody else, or one that was planted, is replaced by a new one.
 * The 50 devices that were used last stay known.
 */
export async function rememberDevice(
  transaction: Transaction,
  userId: string,
  cookies: CookieJar,
): Promise<void> {
  if (await noteKnownDevice(transaction, userId, deviceHash(cookies))) return;
  await makeKnown(transaction, userId, cookies);
}

/** As `rememberDevice`, for a browser that is not known. */
export async function makeKnown(transaction: Transaction, userId: string, cookies: CookieJar): Promise<void> {
  const token = randomBytes(32).toString('base64url');
  await transaction.insert(knownDevices).values({ userId, hash: hashToken(token) });
  await transaction.execute(sql`
    DELETE FROM known_devices WHERE user_id = ${userId} AND hash IN (
      SELECT hash FROM known_devices WHERE user_id = ${userId}
      ORDER BY last_used_at DESC OFFSET ${maxDevices})`);
  cookies.keep('device', token, cookieSeconds);
}

/**
 * True of a browser that is not known if nothing like it is known of the person: no sign-in from this network by this
 * program within 90 days. Of their very first sign-in there is nothing to tell.
 */
export async function isNewPlace(
  transaction: Transaction,
  userId: string,
  origin: RequestOrigin,
): Promise<boolean> {
  const [seen] = await transaction
    .select({
      count: sql<number>`count(*)::integer`,
      alike: sql<number>`(count(*) FILTER (WHERE ${logIns.network} IS NOT DISTINCT FROM ${origin.network}
        AND ${logIns.userAgent} IS NOT DISTINCT FROM ${origin.userAgent}))::integer`,
    })
    .from(logIns)
    .where(
      and(
        eq(logIns.userId, userId),
        eq(logIns.outcome, 'succeeded'),
        gt(logIns.at, sql`now() - interval '90 days'`),
      ),
    );
  return seen !== undefined && seen.count > 0 && seen.alike === 0;
}
