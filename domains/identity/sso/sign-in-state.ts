import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import type { Database, Transaction } from '#db/client.js';
import { signInStates } from '#db/schema/index.js';
import type { OidcProof } from '#runtime/sign-in/oidc-client.js';

type StateRow = typeof signInStates.$inferSelect;
/** Where a way leads, and for whom. */
export type Way = Partial<Pick<StateRow, 'provider' | 'connectionOrgId' | 'connectionId'>> &
  Partial<Pick<StateRow, 'linkingUserId' | 'linkingOrgId' | 'requestId' | 'provenUserId'>> &
  Pick<StateRow, 'returnTo'>;

/** What goes with the browser: `state` through the provider, the secret in a cookie that only we get. */
export interface SignInTicket {
  state: string;
  browserSecret: string;
}

const lifetimeSeconds = 600;
/** Expired ones that go with each new one. */
const sweptAtOnce = 100;

export function makeTicket(): SignInTicket {
  return { state: random(), browserSecret: random() };
}

/**
 * Nonce and code verifier are made from the browser's secret, so the database never has them, and an answer that was
 * asked for in another browser can't be redeemed.
 */
export function proofOf({ state, browserSecret }: SignInTicket): OidcProof {
  const derive = (purpose: string) =>
    createHmac('sha256', browserSecret).update(`${purpose} ${state}`).digest('base64url');
  return { state, nonce: derive('nonce'), codeVerifier: derive('verifier') };
}

/** Notes a way that begins, for ten minutes. The transaction may be of whomever. */
export async function beginWay(
  transaction: Transaction,
  { state, browserSecret }: SignInTicket,
  way: Way,
): Promise<void> {
  const stateHash = hash(state);
  await enterState(transaction, stateHash);
  await transaction.execute(sql`
    DELETE FROM sign_in_states WHERE state_hash IN (
      SELECT state_hash FROM sign_in_states WHERE expires_at < now()
      LIMIT ${sweptAtOnce} FOR UPDATE SKIP LOCKED)`);
  await transaction.insert(signInStates).values({
    ...way,
    stateHash,
    browserHash: hash(browserSecret),
    expiresAt: sql`now() + make_interval(secs => ${lifetimeSeconds})`,
  });
}

/**
 * Takes a way back, once: whatever comes of it, the same state is not taken again. Throws `unauthenticated` for one that
 * is unknown, used or expired, and for another browser than the one that began.
 */
export async function endWay(
  database: Pick<Database, 'withoutOrg'>,
  { state, browserSecret }: { state: string; browserSecret: string | undefined },
): Promise<StateRow> {
  const stateHash = hash(state);
  const [row] = await database.withoutOrg(async (transaction) => {
    await enterState(transaction, stateHash);
    return transaction
      .delete(signInStates)
      .where(sql`${signInStates.stateHash} = ${stateHash} AND ${signInStates.expiresAt} > now()`)
      .returning();
  });
  if (!row || browserSecret === undefined || !isSame(row.browserHash, hash(browserSecret))) {
    throw new AppError(
      'unauthenticated',
      'This sign-in was not begun in this browser, or too long ago. Begin again.',
    );
  }
  return row;
}

async function enterState(transaction: Transaction, stateHash: string): Promise<void> {
  await transaction.execute(sql`SELECT set_config('app.sign_in_state', ${stateHash}, true)`);
}

function random(): string {
  return randomBytes(32).toString('base64url');
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function isSame(left: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(left), Buffer.from(right));
}
