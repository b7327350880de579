import type { PayloadCodec } from '@temporalio/common';
import protocol from '@temporalio/proto';
import type { EncryptionKey } from '../configuration.js';
import { decrypt, encrypt } from '../vault.js';

const { Payload } = protocol.temporal.api.common.v1;

const encoding = Buffer.from('binary/encrypted');
const associated = Buffer.from('worksynapse workflow payload');

/**
 * Encrypts every payload of workflow histories (AES-256-GCM), so that the engine's own database holds no business
 * data in the clear. The payload names its key; older keys still open what they sealed.
 */
export function createPayloadCodec(keys: readonly EncryptionKey[]): PayloadCodec {
  const newest = keys[0];
  if (!newest) throw new Error('ENCRYPTION_KEYS needs at least one key');
  const byId = new Map(keys.map(({ id, key }) => [id, key]));
  return {
    encode: async (payloads) =>
      payloads.map((payload) => ({
        metadata: { encoding, key: Buffer.from(newest.id) },
        data: encrypt(newest.key, Payload.encode(payload).finish(), associated),
      })),
    decode: async (payloads) =>
      payloads.map((payload) => {
        const { metadata, data } = payload;
        if (!metadata?.encoding || !encoding.equals(metadata.encoding) || !data) return payload;
        const keyId = Buffer.from(metadata.key ?? []).toString();
        const key = byId.get(keyId);
        if (!key) throw new Error(`No encryption key ${keyId} for a workflow payload`);
        return Payload.decode(decrypt(key, data, associated));
      }),
  };
}
