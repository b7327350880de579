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

/**
 * Reads an Ed25519 private key as a JWK in JSON (RFC 8037). Throws an Error that names the setting for anything else;
 * never prints a part of the value.
 */
export async function readSigningKey(privateJwk: string): Promise<SigningKey> {
  try {
    const jwk = PrivateJwk.parse(JSON.parse(privateJwk));
    const { kty, crv, x } = jwk;
    return {
      privateKey: await importJWK(jwk, 'EdDSA'),
      publicKey: createPublicKey({ key: { kty, crv, x }, format: 'jwk' }),
      thumbprint: await calculateJwkThumbprint({ kty, crv, x }),
    };
  } catch {
    // Without the cause: a parser's message quotes the text, and the text is a secret.
    throw new Error('ACCESS_TOKEN_KEY must be an Ed25519 private key as a JWK in JSON. See .env.example.');
  }
}
