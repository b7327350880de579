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
  const jwk = parsePrivateJwk(privateJwk);
  const { kty, crv, x } = jwk;
  return {
    privateKey: await importJWK(jwk, 'EdDSA').catch(refuse),
    publicKey: publicKeyOf({ kty, crv, x }),
    thumbprint: await calculateJwkThumbprint({ kty, crv, x }),
  };
}

/** The parts of an Ed25519 private key as a JWK in JSON. Throws as `readSigningKey` does. */
export function parsePrivateJwk(privateJwk: string): z.output<typeof PrivateJwk> {
  try {
    return PrivateJwk.parse(JSON.parse(privateJwk));
  } catch {
    return refuse();
  }
}

function publicKeyOf(jwk: Omit<z.output<typeof PrivateJwk>, 'd'>): KeyObject {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return refuse();
  }
}

/** Without the cause: a parser's message quotes the text, and the text is a secret. */
function refuse(): never {
  throw new Error('ACCESS_TOKEN_KEY must be an Ed25519 private key as a JWK in JSON. See .env.example.');
}
