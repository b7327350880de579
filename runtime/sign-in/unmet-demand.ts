import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import type { SignInMethod } from '../sign-in-challenges.js';
import { readSignInRules } from './sign-in-rules.js';

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
  const [{ needsSecondFactor }, own] = await Promise.all([
    readSignInRules(transaction, orgId),
    secondFactorsOf(transaction, userId),
  ]);
  if (own.includes('totp')) return { status: 'second_factor', methods: own };
  if (!needsSecondFactor) return undefined;
  return own.includes('passkey')
    ? { status: 'second_factor', methods: own }
    : { status: 'enroll_second_factor' };
}

/** What the person has set up. The transaction must have entered the person. */
export async function secondFactorsOf(transaction: Transaction, userId: string): Promise<SecondFactor[]> {
  const [has] = await transaction.execute<{ totp: boolean; passkey: boolean; code: boolean }>(sql`
    SELECT
      EXISTS (SELECT FROM totp_secrets WHERE user_id = ${userId} AND confirmed_at IS NOT NULL) AS totp,
      EXISTS (SELECT FROM passkeys WHERE user_id = ${userId}) AS passkey,
      EXISTS (SELECT FROM recovery_codes WHERE user_id = ${userId} AND used_at IS NULL) AS code`);
  const own: SecondFactor[] = [];
  if (has?.totp) own.push('totp');
  if (has?.passkey) own.push('passkey');
  if (own.length > 0 && has?.code) own.push('recovery_code');
  return own;
}
