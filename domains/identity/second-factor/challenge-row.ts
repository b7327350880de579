import { and, eq, sql } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { signInChallenges } from '#db/schema/index.js';
import type { SignInChallenge } from '#runtime/sign-in-challenges.js';

const maxAttempts = 5;

/**
 * Counts one try at a challenge, and locks it: of two tries at once one comes after the other. False where it was used,
 * has expired or was tried too often. The transaction must have entered the person, and be committed also if the try
 * fails.
 */
export async function openChallenge(
  transaction: Transaction,
  { id, userId, purpose }: SignInChallenge,
): Promise<boolean> {
  const opened = await transaction
    .update(signInChallenges)
    .set({ attempts: sql`${signInChallenges.attempts} + 1` })
    .where(
      and(
        eq(signInChallenges.userId, userId),
        eq(signInChallenges.id, id),
        eq(signInChallenges.purpose, purpose),
        sql`${signInChallenges.usedAt} IS NULL AND ${signInChallenges.expiresAt} > now()`,
        sql`${signInChallenges.attempts} < ${maxAttempts}`,
      ),
    )
    .returning({ id: signInChallenges.id });
  return opened.length > 0;
}

/** The challenge has done what it was for. */
export async function useChallenge(transaction: Transaction, { id, userId }: SignInChallenge): Promise<void> {
  await transaction
    .update(signInChallenges)
    .set({ usedAt: sql`now()` })
    .where(and(eq(signInChallenges.userId, userId), eq(signInChallenges.id, id)));
}

export function challengeOver(): AppError {
  return new AppError('unauthenticated', 'The sign-in has expired; begin it anew');
}
