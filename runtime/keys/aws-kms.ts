import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import type { KeyWrapper } from './key-wrapper.js';

export interface AwsKmsOptions {
  /** Id, ARN or alias of the key in the service. */
  keyId: string;
  region: string;
  /** Another service that speaks the same protocol. */
  endpoint?: string | undefined;
}

/** Keys are asked for at a start only, so a slow answer is better than none. */
const timeouts = { connectionTimeout: 3_000, requestTimeout: 10_000 };

/** Wraps by AWS KMS, with the credentials that its SDK finds: environment, profile, role of the machine. */
export function createAwsKms({ keyId: KeyId, region, endpoint }: AwsKmsOptions): KeyWrapper {
  const options = { region, maxAttempts: 3, requestHandler: timeouts };
  const client = new KMSClient(endpoint === undefined ? options : { ...options, endpoint });
  const contextOf = (name: string) => ({ EncryptionContext: { worksynapse: name } });
  return {
    async wrap(name, key) {
      const command = new EncryptCommand({ KeyId, Plaintext: key, ...contextOf(name) });
      const { CiphertextBlob } = await client.send(command);
      if (!CiphertextBlob) throw new Error('KMS answered without a key');
      return Buffer.from(CiphertextBlob);
    },
    async unwrap(name, wrapped) {
      const command = new DecryptCommand({ KeyId, CiphertextBlob: wrapped, ...contextOf(name) });
      const { Plaintext } = await client.send(command);
      if (!Plaintext) throw new Error('KMS answered without a key');
      return Buffer.from(Plaintext);
    },
  };
}
