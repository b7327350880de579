import type { Configuration, EncryptionKey } from '../configuration.js';
import { keyWeakness } from '../weak-secret.js';
import { createAwsKms } from './aws-kms.js';
import type { KeyWrapper } from './key-wrapper.js';

type KeySettings = Pick<
  Configuration,
  'ENCRYPTION_KEYS' | 'ENCRYPTION_KMS_KEY' | 'ENCRYPTION_KMS_REGION' | 'ENCRYPTION_KMS_ENDPOINT'
>;

/** What wraps the keys; undefined where they are given as they are. */
export function keyWrapperOf(settings: KeySettings): KeyWrapper | undefined {
  const {
    ENCRYPTION_KMS_KEY: keyId,
    ENCRYPTION_KMS_REGION: region,
    ENCRYPTION_KMS_ENDPOINT: endpoint,
  } = settings;
  return keyId === undefined ? undefined : createAwsKms({ keyId, region, endpoint });
}

/**
 * The keys themselves, the newest first: as they were given, in the environment or a file, or as the KMS unwraps them.
 * Throws an Error that names the key which could not be had, and never shows it.
 */
export async function loadKeys(
  settings: KeySettings,
  wrapper = keyWrapperOf(settings),
): Promise<EncryptionKey[]> {
  const { ENCRYPTION_KEYS } = settings;
  if (!wrapper) return ENCRYPTION_KEYS;
  return Promise.all(ENCRYPTION_KEYS.map((entry) => unwrapKey(wrapper, entry)));
}

async function unwrapKey(wrapper: KeyWrapper, { id, key: wrapped }: EncryptionKey): Promise<EncryptionKey> {
  const key = await wrapper.unwrap(id, wrapped).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.name : 'unknown';
    throw new Error(`ENCRYPTION_KEYS: the KMS did not unwrap the key ${id} (${reason})`, { cause });
  });
  const weakness = key.length === 32 ? keyWeakness(key) : 'is not 32 bytes long';
  if (weakness !== undefined) throw new Error(`ENCRYPTION_KEYS: the key ${id} ${weakness}`);
  return { id, key };
}
