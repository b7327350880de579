import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { AppError } from '#core/errors.js';
import type { EncryptionKey } from './configuration.js';

/** Where a secret belongs. It is authenticated with the secret, so a ciphertext moved to another row does not open. */
export type SecretPlace = { orgId: string; rowId: string } | { userId: string; rowId: string };

export interface Vault {
  /** Encrypts a secret for one row: `v1:keyId:wrapped data key:content`, each base64url of nonce, ciphertext and tag. */
  seal(place: SecretPlace, secret: unknown): string;
  /** Throws `internal` if the ciphertext was changed, moved, or its key is gone. */
  open(place: SecretPlace, sealed: string): unknown;
  /** The same secret under the newest key, whose data key alone is wrapped anew. Throws as `open` does. */
  reseal(place: SecretPlace, sealed: string): string;
  /** Of the key that seals now. */
  newestKeyId: string;
  /** True while what this key sealed can be opened. */
  knows(keyId: string): boolean;
  /**
   * HMAC-SHA-256, hex, of a secret that people type and that is too short for a plain hash: under each master key, the
   * newest first. The first is what is stored; any of them may be what was stored before keys were rotated.
   */
  macs(secret: string): [string, ...string[]];
}

const algorithm = 'aes-256-gcm';

/**
 * Envelope encryption: each secret has a data key of its own, wrapped by the newest master key. Older master keys
 * still open what they sealed, so that keys can be rotated.
 */
export function createVault(keys: readonly EncryptionKey[]): Vault {
  const newest = keys[0];
  if (!newest) throw new Error('ENCRYPTION_KEYS needs at least one key');
  const byId = new Map(keys.map((entry) => [entry.id, entry.key]));
  const macWith = ({ key }: EncryptionKey, secret: string) =>
    createHmac('sha256', Buffer.from(hkdfSync('sha256', key, '', 'worksynapse mac', 32)))
      .update(secret)
      .digest('hex');

  const unwrap = (place: SecretPlace, sealed: string) => {
    const [version, keyId = '', wrapped = '', content = ''] = sealed.split(':');
    const key = byId.get(keyId);
    if (version !== 'v1' || !key) throw new AppError('internal', `No key ${keyId} to open a stored secret`);
    return { dataKey: decrypt(key, decode(wrapped), associatedData(place)), content };
  };

  return {
    newestKeyId: newest.id,
    knows: (keyId) => byId.has(keyId),
    reseal(place, sealed) {
      const { dataKey, content } = unwrap(place, sealed);
      return ['v1', newest.id, encode(encrypt(newest.key, dataKey, associatedData(place))), content].join(
        ':',
      );
    },
    seal(place, secret) {
      const associated = associatedData(place);
      const dataKey = randomBytes(32);
      const wrapped = encrypt(newest.key, dataKey, associated);
      const sealed = encrypt(dataKey, Buffer.from(JSON.stringify(secret)), associated);
      return ['v1', newest.id, encode(wrapped), encode(sealed)].join(':');
    },
    open(place, sealed) {
      const { dataKey, content } = unwrap(place, sealed);
      return JSON.parse(decrypt(dataKey, decode(content), associatedData(place)).toString('utf8'));
    },
    macs: (secret) => [macWith(newest, secret), ...keys.slice(1).map((key) => macWith(key, secret))],
  };
}

/** AES-256-GCM: 12 bytes of nonce, ciphertext, 16 bytes of tag. */
export function encrypt(key: Buffer, plain: Uint8Array, associated: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv(algorithm, key, nonce);
  cipher.setAAD(associated);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Reverses `encrypt`. Throws if a bit of the content, the associated data or the key differs. */
export function decrypt(key: Buffer, sealed: Uint8Array, associated: Buffer): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(associated);
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
}

function associatedData(place: SecretPlace): Buffer {
  const owner = 'orgId' in place ? place.orgId : `user:${place.userId}`;
  return Buffer.from(`${owner}/${place.rowId}`);
}

const encode = (bytes: Buffer) => bytes.toString('base64url');
const decode = (text: string) => Buffer.from(text, 'base64url');
