import { createPublicKey } from 'node:crypto';
import { calculateJwkThumbprint, importJWK, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { AppError } from '#core/errors.js';

export interface AccessTokenClaims {
  userId: string;
  orgId: string;
}

export interface AccessTokens {
  /** A signed JWT, good for `lifetimeSeconds`. */
  issue(claims: AccessTokenClaims): Promise<string>;
  /** Throws `unauthenticated` for a token that is forged, expired or not ours. */
  verify(token: string): Promise<AccessTokenClaims>;
  lifetimeSeconds: number;
}

const issuer = 'worksynapse';
const PrivateJwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  d: z.string(),
});
const Claims = z.object({ sub: z.uuid(), org: z.uuid() });

/** Short EdDSA access tokens (RFC 8037). `privateJwk` is an Ed25519 private key as JSON. */
export async function createAccessTokens(privateJwk: string, lifetimeSeconds = 900): Promise<AccessTokens> {
  const jwk = PrivateJwk.parse(JSON.parse(privateJwk));
  const privateKey = await importJWK(jwk, 'EdDSA');
  const publicKey = createPublicKey({ key: { kty: jwk.kty, crv: jwk.crv, x: jwk.x }, format: 'jwk' });
  const kid = await calculateJwkThumbprint({ kty: jwk.kty, crv: jwk.crv, x: jwk.x });

  return {
    lifetimeSeconds,
    issue: ({ userId, orgId }) =>
      new SignJWT({ org: orgId })
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
        const { sub, org } = Claims.parse(payload);
        return { userId: sub, orgId: org };
      } catch (cause) {
        throw new AppError('unauthenticated', 'The access token is not valid or has expired', { cause });
      }
    },
  };
}
