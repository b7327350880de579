import { createPublicKey, type KeyObject } from 'node:crypto';
import { type CryptoKey, calculateJwkThumbprint, importJWK } from 'jose';
import { z } from 'zod';

/** The key with which the platform signs what it gives out, and knows it again. */
export interface SigningKey {
  privateKey: CryptoKey | Uint8Array;
  publicKey: KeyObject;
  /** RFC 7638. */
  thumbprint: string;
}

const PrivateJwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  d: z.string(),
});

/** Reads an Ed25519 private key as a JWK in JSON (RFC 8037). Throws for anything else. */
export async function readSigningKey(privateJwk: string): Promise<SigningKey> {
  const jwk = parsePrivateJwk(privateJwk);
  const { kty, crv, x } = jwk;
  return {
    privateKey: await importJWK(jwk, 'EdDSA'),
    publicKey: createPublicKey({ key: { kty, crv, x }, format: 'jwk' }),
    thumbprint: await calculateJwkThumbprint({ kty, crv, x }),
  };
}

/** The parts of an Ed25519 private key as a JWK in JSON. Throws for anything else. */
export function parsePrivateJwk(privateJwk: string) {
  return PrivateJwk.parse(JSON.parse(privateJwk));
}
