import { createHmac, hkdfSync } from 'node:crypto';
import { parsePrivateJwk } from './signing-key.js';

/** Makes of each secret the next one of its line: the same one however often it is asked. */
export interface TokenChain {
  /** 32 bytes. */
  next(secret: Uint8Array): Buffer;
}

/**
 * A chain by HMAC-SHA256 under a key derived from `privateJwk` (RFC 5869). Two requests that come with one refresh
 * token get one new token, and an old token is known as such by following the chain from it, while the database holds
 * hashes only.
 */
export function createTokenChain(privateJwk: string): TokenChain {
  const { d } = parsePrivateJwk(privateJwk);
  const key = Buffer.from(
    hkdfSync('sha256', Buffer.from(d, 'base64url'), '', 'worksynapse refresh tokens', 32),
  );
  return { next: (secret) => createHmac('sha256', key).update(secret).digest() };
}
