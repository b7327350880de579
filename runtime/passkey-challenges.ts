import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import { createSignedTokens } from './signed-tokens.js';

/** `sign_in` asks for a passkey that exists, `registration` makes a new one for a person. */
export type PasskeyPurpose = 'sign_in' | 'registration';

/** What an authenticator was asked to sign. */
export interface PasskeyChallenge {
  /** Known again when it comes twice. */
  id: string;
  /** Base64url. */
  webauthn: string;
}

export interface PasskeyChallenges {
  /** A new challenge, and the token by which it is known again. `userId`: whose new passkey it is for. */
  issue(purpose: PasskeyPurpose, userId?: string): Promise<{ token: string; webauthn: string }>;
  /** Throws `unauthenticated` for a token that is forged, has expired, or is for something or somebody else. */
  verify(token: string, purpose: PasskeyPurpose, userId?: string): Promise<PasskeyChallenge>;
  lifetimeSeconds: number;
}

const use = { audience: 'worksynapse:passkeys', typ: 'passkey+jwt' };
/** Of registrations without a person there are none, and the other way round. */
const nobody = 'anybody';
const Claims = z.object({ jti: z.uuid(), sub: z.string(), purpose: z.string(), webauthn: z.string() });

/** `privateJwk` is that of access tokens. Nothing is kept until a challenge has been answered. */
export async function createPasskeyChallenges(
  privateJwk: string,
  lifetimeSeconds = 300,
): Promise<PasskeyChallenges> {
  const tokens = await createSignedTokens(privateJwk, use);
  return {
    lifetimeSeconds,
    async issue(purpose, userId = nobody) {
      const webauthn = randomBytes(32).toString('base64url');
      const content = { id: randomUUID(), subject: userId, claims: { purpose, webauthn } };
      const token = await tokens.sign(content, `${lifetimeSeconds}s`);
      return { token, webauthn };
    },
    async verify(token, purpose, userId = nobody) {
      try {
        const claims = Claims.parse(await tokens.verify(token, userId));
        if (claims.purpose !== purpose) throw new Error(`It is for ${claims.purpose}`);
        return { id: claims.jti, webauthn: claims.webauthn };
      } catch (cause) {
        throw new AppError('unauthenticated', 'The passkey was asked for too long ago; begin anew', {
          cause,
        });
      }
    },
  };
}
