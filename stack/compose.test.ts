import assert from 'node:assert/strict';
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
  ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
  ACCESS_TOKEN_KEY: '{}',
  POSTGRES_PASSWORD: 'owner',
  DATABASE_PASSWORD: 'application',
  TEMPORAL_DATABASE_PASSWORD: 'temporal',
  S3_SECRET_ACCESS_KEY: 'bucket',
};

/** Settings that say nothing to containers: of `npm start`, of development, or of services that compose brings itself. */
const elsewhere = new Set([
  'WORKSYNAPSE_HOME',
  'DATABASE_OWNER_URL',
  'TEMPORAL_NAMESPACE',
  'TEMPORAL_TASK_QUEUE',
  'FILES_FOLDER',
  'S3_REGION',
  'DEV_MAILBOX_FOLDER',
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
    assert.doesNotMatch(JSON.stringify(configuration), /owner/);
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
