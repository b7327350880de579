import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfiguration } from '#runtime/configuration.js';
import { projectRoot } from '#runtime/project-root.js';

const compose = readFileSync(join(projectRoot, 'docker-compose.yml'), 'utf8');
const settings = new Set(
  [...readFileSync(join(projectRoot, '.env.example'), 'utf8').matchAll(/^#([A-Z0-9_]+)=/gm)].map(
    ([, name]) => name,
  ),
);

/** What an operator must fill in, as .env.example says. */
const filledIn = {
  PUBLIC_URL: 'https://work.example',
  TRUST_PROXY: '1',
  ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  ACCESS_TOKEN_KEY: JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })),
  POSTGRES_PASSWORD: `owner-${randomUUID()}`,
  DATABASE_PASSWORD: randomUUID(),
  TEMPORAL_DATABASE_PASSWORD: randomUUID(),
  S3_SECRET_ACCESS_KEY: randomUUID(),
};

/** Settings that say nothing to containers: of `npm start`, of development, of files on the host, or of services that compose brings. */
const elsewhere = new Set([
  'WORKSYNAPSE_HOME',
  'DATABASE_OWNER_URL',
  'TEMPORAL_NAMESPACE',
  'TEMPORAL_TASK_QUEUE',
  'FILES_FOLDER',
  'S3_REGION',
  'DEV_MAILBOX_FOLDER',
  'METRICS_PUBLIC',
  'ENCRYPTION_KEYS_FILE',
  'OUTGOING_ALLOW_LOOPBACK',
  'POSTGRES_PASSWORD',
  'DATABASE_PASSWORD',
  'TEMPORAL_DATABASE_PASSWORD',
]);

describe('docker-compose.yml', () => {
  it('asks for variables that .env.example explains', () => {
    const asked = new Set([...compose.matchAll(/(?<!\$)\$\{([A-Z0-9_]+)/g)].map(([, name]) => name));
    assert.ok(asked.size > Object.keys(filledIn).length);
    assert.deepEqual([...asked].filter((name) => !settings.has(name)).sort(), []);
  });

  it('requires what has no default, and nothing else', () => {
    const required = new Set([...compose.matchAll(/(?<!\$)\$\{([A-Z0-9_]+):\?/g)].map(([, name]) => name));
    assert.deepEqual([...required].sort(), Object.keys(filledIn).sort());
  });

  it('hands every setting of .env.example to API and worker', () => {
    const handed = applicationEnvironment({});
    const missing = [...settings].filter((name) => name && !(name in handed) && !elsewhere.has(name));
    assert.deepEqual(missing, []);
  });

  it('gives API and worker a configuration that production accepts', () => {
    const configuration = readConfiguration(applicationEnvironment(filledIn));
    assert.equal(configuration.NODE_ENV, 'production');
    assert.equal(configuration.MAILS_PER_HOUR, 500);
    assert.ok(configuration.S3_ENDPOINT && configuration.S3_ACCESS_KEY_ID && configuration.CHROMA_URL);
    assert.doesNotMatch(JSON.stringify(configuration), /owner-/);
  });
});

/** The environment that API and worker share, with `values` and the defaults for its variables. */
function applicationEnvironment(values: Record<string, string>): Record<string, string> {
  const block = /&app\n(?:.*\n)*? {2}environment:.*\n((?: {4}.*\n)+)/.exec(compose)?.[1] ?? '';
  const lines = [...block.matchAll(/^ {4}([A-Z0-9_]+): "?(.*?)"?$/gm)];
  return Object.fromEntries(
    lines.map(([, name = '', text = '']) => [
      name,
      text.replace(
        /\$\{([A-Z0-9_]+)(?::-([^}]*))?[^}]*\}/g,
        (_whole, variable: string, byDefault = '') => values[variable] ?? byDefault,
      ),
    ]),
  );
}
