import { z } from 'zod';
import { AppError } from '#core/errors.js';
import { createSignedTokens } from './signed-tokens.js';

export const SignInMethodName = z.enum([
  'password',
  'totp',
  'passkey',
  'oidc',
  'saml',
  'social',
  'recovery_code',
]);

/** How a person has proven who they are. */
export type SignInMethod = z.output<typeof SignInMethodName>;
export const signInMethods = SignInMethodName.options;

/** What somebody holds who has begun to sign in, and has to do more. */
export interface SignInChallenge {
  /** Of the row that counts its uses. */
  id: string;
  purpose: 'second_factor' | 'enroll_second_factor';
  userId: string;
  /** Where they want in. */
  orgId: string;
  /** What they have proven so far. */
  methods: SignInMethod[];
}

export interface SignInChallenges {
  issue(challenge: SignInChallenge): Promise<string>;
  /** Throws `unauthenticated` for one that is forged, has expired or is for something else. */
  verify(token: string, purpose: SignInChallenge['purpose']): Promise<SignInChallenge>;
  lifetimeSeconds: number;
}

const use = { audience: 'worksynapse:sign-in', typ: 'sign-in+jwt' };
const Claims = z.object({
  jti: z.uuid(),
  sub: z.uuid(),
  org: z.uuid(),
  purpose: z.enum(['second_factor', 'enroll_second_factor']),
  methods: z.array(SignInMethodName).min(1),
});

/** `privateJwk` is that of access tokens. What a challenge was used for is known by its row, not here. */
export async function createSignInChallenges(
  privateJwk: string,
  lifetimeSeconds = 600,
): Promise<SignInChallenges> {
  const tokens = await createSignedTokens(privateJwk, use);
  return {
    lifetimeSeconds,
    issue: ({ id, purpose, userId, orgId, methods }) =>
      tokens.sign({ id, subject: userId, claims: { org: orgId, purpose, methods } }, `${lifetimeSeconds}s`),
    async verify(token, purpose) {
      try {
        const claims = Claims.parse(await tokens.verify(token));
        if (claims.purpose !== purpose) throw new Error(`It is for ${claims.purpose}`);
        const { jti: id, sub: userId, org: orgId, methods } = claims;
        return { id, purpose, userId, orgId, methods };
      } catch (cause) {
        throw new AppError('unauthenticated', 'The sign-in has expired; begin it anew', { cause });
      }
    },
  };
}
