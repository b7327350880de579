import { and, eq, sql } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { sessions } from '#db/schema/index.js';
import type { TokenChain } from '#runtime/token-chain.js';
import { hashToken, isSameHash } from '../bound-token.js';
import { makeRefreshToken, parseRefreshToken } from './refresh-token.js';

/**
 * How a refresh token stands to its session: `present`, the one that was given out last; `just_replaced`, its
 * predecessor, within ten seconds: another tab was faster, or the answer was lost; `replaced`, an earlier one, which
 * somebody has kept; `foreign`, none of its line.
 */
type Standing = 'present' | 'just_replaced' | 'replaced' | 'foreign';

/** Lines of sessions are followed so far; at a refresh every quarter of an hour that is more than a year. */
const maxLine = 40_000;

export type ParsedRefreshToken = NonNullable<ReturnType<typeof parseRefreshToken>> & { token: string };

/** Throws `unauthenticated` where the browser has sent none, or what is none. */
export function readRefreshToken(token: string | undefined): ParsedRefreshToken {
  const parsed = parseRefreshToken(token);
  if (!parsed || token === undefined) throw sessionOver();
  return { ...parsed, token };
}

export function sessionOver(): AppError {
  return new AppError('unauthenticated', 'You are not signed in, or your session has ended; log in again');
}

/** The session that a token names, locked: of two requests at once one comes after the other. */
export async function lockSession(
  transaction: Transaction,
  { orgId, sessionId }: Pick<ParsedRefreshToken, 'orgId' | 'sessionId'>,
) {
  const [row] = await transaction
    .select({
      id: sessions.id,
      orgId: sessions.orgId,
      userId: sessions.userId,
      methods: sessions.methods,
      secretHash: sessions.secretHash,
      previousHash: sessions.previousHash,
      rotations: sessions.rotations,
      authenticatedAt: sessions.authenticatedAt,
      isGoingOn: sql<boolean>`${sessions.revokedAt} IS NULL
        AND least(${sessions.idleUntil}, ${sessions.endsAt}) > now()`,
      wasJustRotated: sql<boolean>`coalesce(${sessions.rotatedAt} > now() - interval '10 seconds', false)`,
    })
    .from(sessions)
    .where(and(eq(sessions.orgId, orgId), eq(sessions.id, sessionId)))
    .for('update');
  return row;
}

type LockedSession = NonNullable<Awaited<ReturnType<typeof lockSession>>>;

/** How the token stands to the session. Who knows a session's id alone can make nothing but foreign ones. */
export function standingOf(
  chain: TokenChain,
  { token, secret, orgId, sessionId }: ParsedRefreshToken,
  { secretHash, previousHash, rotations, wasJustRotated }: LockedSession,
): Standing {
  const hash = hashToken(token);
  if (isSameHash(hash, secretHash)) return 'present';
  if (previousHash !== null && isSameHash(hash, previousHash)) {
    return wasJustRotated ? 'just_replaced' : 'replaced';
  }
  let later = secret;
  for (let step = 0; step < Math.min(rotations, maxLine); step += 1) {
    later = chain.next(later);
    if (isSameHash(hashToken(makeRefreshToken(orgId, sessionId, later)), secretHash)) return 'replaced';
  }
  return 'foreign';
}
