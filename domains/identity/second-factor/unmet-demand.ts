import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { passkeys, recoveryCodes, totpSecrets } from '#db/schema/index.js';
import type { SignInMethod } from '#runtime/sign-in-challenges.js';
import { readSignInRules } from '../sessions/sign-in-rules.js';

export type SecondFactor = 'totp' | 'passkey' | 'recovery_code';

/** What a person has to show, or to set up, before they may be let in. */
export type Demand =
  | { status: 'second_factor'; methods: SecondFactor[] }
  | { status: 'enroll_second_factor' };

/** A passkey proves possession and presence; what an identity provider asked for is the provider's matter. */
const enough: ReadonlySet<SignInMethod> = new Set(['totp', 'passkey', 'recovery_code', 'oidc', 'saml']);

/**
 * What is missing for this organization after these proofs; undefined: nothing. A password alone is not enough for who
 * has an authenticator app, nor where the organization asks for a second factor. The transaction must have entered
 * person and organization.
 */
export async function unmetDemand(
  transaction: Transaction,
  { orgId, userId, methods }: { orgId: string; userId: string; methods: readonly SignInMethod[] },
): Promise<Demand | undefined> {
  if (methods.some((method) => enough.has(method))) return undefined;
  const { needsSecondFactor } = await readSignInRules(transaction, orgId);
  const own = await secondFactorsOf(transaction, userId);
  if (own.includes('totp')) return { status: 'second_factor', methods: own };
  if (!needsSecondFactor) return undefined;
  return own.includes('passkey')
    ? { status: 'second_factor', methods: own }
    : { status: 'enroll_second_factor' };
}

/** What the person has set up. The transaction must have entered the person. */
export async function secondFactorsOf(transaction: Transaction, userId: string): Promise<SecondFactor[]> {
  const [[totp], [passkey], [code]] = await Promise.all([
    transaction
      .select({ has: sql`true` })
      .from(totpSecrets)
      .where(and(eq(totpSecrets.userId, userId), isNotNull(totpSecrets.confirmedAt))),
    transaction.select({ has: sql`true` }).from(passkeys).where(eq(passkeys.userId, userId)).limit(1),
    transaction
      .select({ has: sql`true` })
      .from(recoveryCodes)
      .where(and(eq(recoveryCodes.userId, userId), isNull(recoveryCodes.usedAt)))
      .limit(1),
  ]);
  const own: SecondFactor[] = [];
  if (totp) own.push('totp');
  if (passkey) own.push('passkey');
  if (own.length > 0 && code) own.push('recovery_code');
  return own;
}
