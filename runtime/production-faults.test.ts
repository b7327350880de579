import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError, readConfiguration } from './configuration.js';
import { projectRoot } from './project-root.js';

const newKey = () => randomBytes(32).toString('base64');
const signingKey = (changes: object = {}) =>
  JSON.stringify({ ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }), ...changes });

const safe = {
  NODE_ENV: 'production',
  DATABASE_URL: `postgres://worksynapse_app:${randomBytes(12).toString('hex')}@postgres/worksynapse`,
  REDIS_URL: 'redis://redis:6379',
  PUBLIC_URL: 'https://work.example',
  TRUST_PROXY: '1',
  ENCRYPTION_KEYS: `k1:${newKey()}`,
  ACCESS_TOKEN_KEY: signingKey(),
};
const read = (changes: Record<string, string> = {}) => readConfiguration({ ...safe, ...changes });

function faultsOf(changes: Record<string, string>): readonly string[] {
  try {
    read(changes);
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    return error.faults;
  }
  return [];
}

describe('a production', () => {
  it('starts with safe settings', () => {
    assert.equal(read().NODE_ENV, 'production');
    read({ OUTGOING_ALLOWED_HOSTS: 'ollama.internal,10.0.0.0/8', TRUST_PROXY: '0' });
    read({ PUBLIC_URL: 'http://work.internal', PUBLIC_URL_ALLOW_HTTP: 'true' });
    read({ METRICS_NETWORKS: '10.0.0.0/8', CORS_ORIGINS: 'https://app.example' });
  });

  const published = { d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A' };
  const unsafe: [Record<string, string>, RegExp][] = [
    [{ OUTGOING_ALLOW_LOOPBACK: 'true' }, /^OUTGOING_ALLOW_LOOPBACK must not be true\.$/],
    [{ OUTGOING_ALLOWED_HOSTS: 'localhost' }, /^OUTGOING_ALLOWED_HOSTS must not name loopback\.$/],
    [{ OUTGOING_ALLOWED_HOSTS: 'a.internal, 127.0.0.0/8' }, /^OUTGOING_ALLOWED_HOSTS must not name loopback/],
    [{ DEV_MAILBOX_FOLDER: '/mail' }, /^DEV_MAILBOX_FOLDER must not be set\.$/],
    [{ REDIS_URL: '' }, /^REDIS_URL is required\.$/],
    [{ MAIL_URL: 'smtp://mail.example' }, /^MAIL_URL needs MAIL_FROM\.$/],
    [{ PUBLIC_URL: '' }, /^PUBLIC_URL is required\.$/],
    [{ PUBLIC_URL: 'http://work.example' }, /^PUBLIC_URL must be https/],
    [{ TRUST_PROXY: '' }, /^TRUST_PROXY must be stated/],
    [{ CORS_ORIGINS: 'http://app.example' }, /^CORS_ORIGINS must be https\.$/],
    [{ METRICS_PUBLIC: 'true' }, /^METRICS_PUBLIC must not be true/],
    [{ ENCRYPTION_KEYS: `development:${newKey()}` }, /^ENCRYPTION_KEYS: key 1 is one that npm start made/],
    [
      { ENCRYPTION_KEYS: `k2:${newKey()},k1:${Buffer.alloc(32, 7).toString('base64')}` },
      /^ENCRYPTION_KEYS: key 2 repeats itself/,
    ],
    [{ ACCESS_TOKEN_KEY: '{}' }, /^ACCESS_TOKEN_KEY must be an Ed25519 private key/],
    [
      { ACCESS_TOKEN_KEY: signingKey({ kid: 'development-1' }) },
      /^ACCESS_TOKEN_KEY is one that npm start made/,
    ],
    [{ ACCESS_TOKEN_KEY: signingKey(published) }, /^ACCESS_TOKEN_KEY is a published example/],
    [{ DATABASE_URL: 'postgres://app:password@db/work' }, /^The password in DATABASE_URL is an example/],
    [{ REDIS_URL: 'redis://:abc@redis' }, /^The password in REDIS_URL is shorter/],
    [{ S3_SECRET_ACCESS_KEY: 'minioadmin' }, /^S3_SECRET_ACCESS_KEY is an example/],
    [
      { DATABASE_OWNER_URL: 'postgres://worksynapse_app:0123456789abcdef@db/work' },
      /^DATABASE_URL must log in as another role/,
    ],
    [{ NODE_TLS_REJECT_UNAUTHORIZED: '0' }, /^NODE_TLS_REJECT_UNAUTHORIZED must not be 0\.$/],
    [{ NODE_OPTIONS: '--inspect=0.0.0.0' }, /^NODE_OPTIONS must not open a debugger\.$/],
  ];
  for (const [changes, fault] of unsafe) {
    const shown = Object.entries(changes).map(([name, value]) => `${name}=${value.slice(0, 40)}`);
    it(`is refused with ${shown.join()}`, () => {
      const [, ...faults] = faultsOf(changes);
      assert.equal(faults.length, 1, faults.join(' '));
      assert.match(faults[0] ?? '', fault);
    });
  }

  it('is refused with every password that stands in .env.example', () => {
    const examples = readFileSync(join(projectRoot, '.env.example'), 'utf8').matchAll(
      /^#?([A-Z_]+_URL)=(\w+:\/\/\w+:\w+@.*)$/gm,
    );
    const refused = [...examples].map(([, name = '', value = '']) => {
      const faults = faultsOf({ [name]: value, MAIL_FROM: 'a@b.example' });
      return [name, faults.some((fault) => fault.startsWith(`The password in ${name}`))];
    });
    assert.deepEqual(refused, [
      ['DATABASE_URL', true],
      ['DATABASE_OWNER_URL', true],
      ['MAIL_URL', true],
    ]);
  });
});
