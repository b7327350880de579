import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { developmentMark } from '#runtime/weak-secret.js';
import { StartError } from './start-error.js';

/** Secrets of an embedded stack, made once and kept in <home>/secrets.json (mode 0600). */
export interface StackSecrets {
  /** Password of the database's owner (user postgres). */
  databaseOwnerPassword: string;
  /** Password of the application's role. */
  databasePassword: string;
  /** `development:<base64 of 32 bytes>`, the form of ENCRYPTION_KEYS; production refuses it by that name. */
  encryptionKeys: string;
  /** Ed25519 private key as a JWK in JSON, the form of ACCESS_TOKEN_KEY; production refuses it by its `kid`. */
  accessTokenKey: string;
}

/**
 * Reads the secrets of this data folder, and makes them on the first start.
 * Throws StartError when the file is damaged, or missing although there is a database that was made with it.
 */
export function loadSecrets(home: string): StackSecrets {
  const file = join(home, 'secrets.json');
  if (existsSync(file)) return readSecrets(file);
  if (existsSync(join(home, 'postgres'))) {
    throw new StartError(
      `${file} is missing, yet ${home} holds a database; restore the file, or move the folder away to start anew.`,
    );
  }
  const secrets = makeSecrets();
  writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  return secrets;
}

function makeSecrets(): StackSecrets {
  return {
    databaseOwnerPassword: randomBytes(24).toString('base64url'),
    databasePassword: randomBytes(24).toString('base64url'),
    encryptionKeys: `${developmentMark}:${randomBytes(32).toString('base64')}`,
    accessTokenKey: makeAccessTokenKey(),
  };
}

function makeAccessTokenKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  const jwk = privateKey.export({ format: 'jwk' });
  return JSON.stringify({ ...jwk, kid: `${developmentMark}-${randomUUID()}`, alg: 'EdDSA', use: 'sig' });
}

function readSecrets(file: string): StackSecrets {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (isStackSecrets(parsed)) return parsed;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw new StartError(`${file} cannot be read.`);
  }
  throw new StartError(
    `${file} is damaged; restore it from a backup: without it, stored connections cannot be decrypted.`,
  );
}

function isStackSecrets(value: unknown): value is StackSecrets {
  if (typeof value !== 'object' || value === null) return false;
  const names = ['databaseOwnerPassword', 'databasePassword', 'encryptionKeys', 'accessTokenKey'];
  return names.every((name) => typeof Reflect.get(value, name) === 'string');
}
