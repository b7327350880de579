import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import { readSigningKey } from './signing-key.js';

export interface AccessTokenClaims {
  userId: string;
  orgId: string;
  /** The session that it belongs to: when that ends, so does the token. */
  sessionId: string;
  /** The session is the visit of a super-user, by a grant of support access. */
  isOfSupport?: boolean;
}

export interface AccessTokens {
  /** A signed JWT, good for `lifetimeSeconds`. */
  issue(claims: AccessTokenClaims): Promise<string>;
  /** Throws `unauthenticated` for a token that is forged, expired or not ours. */
  verify(token: string): Promise<AccessTokenClaims>;
  lifetimeSeconds: number;
}

const issuer = 'worksynapse';
const Claims = z.object({ sub: z.uuid(), org: z.uuid(), sid: z.uuid(), sup: z.literal(true).optional() });

/** Short EdDSA access tokens (RFC 8037). `privateJwk` is an Ed25519 private key as JSON. */
export async function createAccessTokens(privateJwk: string, lifetimeSeconds = 900): Promise<AccessTokens> {
  const { privateKey, publicKey, thumbprint: kid } = await readSigningKey(privateJwk);

  return {
    lifetimeSeconds,
    issue: ({ userId, orgId, sessionId, isOfSupport }) =>
      new SignJWT({ org: orgId, sid: sessionId, ...(isOfSupport && { sup: true }) })
        .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'at+jwt' })
        .setSubject(userId)
        .setIssuer(issuer)
        .setAudience(issuer)
        .setIssuedAt()
        .setExpirationTime(`${lifetimeSeconds}s`)
        .sign(privateKey),
    async verify(token) {
      const options = { issuer, audience: issuer, algorithms: ['EdDSA'], typ: 'at+jwt' };
      try {
        const { payload } = await jwtVerify(token, publicKey, options);
        const { sub, org, sid, sup } = Claims.parse(payload);
        return { userId: sub, orgId: org, sessionId: sid, ...(sup && { isOfSupport: true }) };
      } catch (cause) {
        throw new AppError('unauthenticated', 'The access token is not valid or has expired', { cause });
      }
    },
  };
}
