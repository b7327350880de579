import { type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { readSigningKey } from './signing-key.js';

/** What sets tokens apart from all else that the same key signs: none passes for another. */
export interface TokenUse {
  audience: string;
  typ: string;
}

export interface TokenContent {
  subject: string;
  id?: string;
  claims: JWTPayload;
}

/** What the platform gives out, and knows again by its own signature. */
export interface SignedTokens {
  /** `expires`: a moment, or a time from now such as `600s`. */
  sign(content: TokenContent, expires: Date | string): Promise<string>;
  /**
   * Throws for a token that is forged, too long, of another use or another subject; `JWTExpired` for one that has run out
   * and is right in all else.
   */
  verify(token: string, subject?: string): Promise<JWTPayload>;
}

const issuer = 'worksynapse';
const maxLength = 1_000;

/** `privateJwk` is that of access tokens. */
export async function createSignedTokens(
  privateJwk: string,
  { audience, typ }: TokenUse,
): Promise<SignedTokens> {
  const { privateKey, publicKey } = await readSigningKey(privateJwk);
  const options = { issuer, audience, algorithms: ['EdDSA'], typ };
  return {
    sign({ subject, id, claims }, expires) {
      const token = new SignJWT(claims)
        .setProtectedHeader({ alg: 'EdDSA', typ })
        .setSubject(subject)
        .setIssuer(issuer)
        .setAudience(audience)
        .setExpirationTime(expires);
      return (id === undefined ? token : token.setJti(id)).sign(privateKey);
    },
    async verify(token, subject) {
      if (token.length > maxLength) throw new Error('The token is too long');
      // Expiry is looked at last, after the signature and everything else.
      const { payload } = await jwtVerify(token, publicKey, {
        ...options,
        ...(subject !== undefined && { subject }),
      });
      return payload;
    },
  };
}
