import { randomBytes } from 'node:crypto';
import { type App, createApp } from '#app.js';
import {
  type Configuration,
  ConfigurationError,
  configurationExitCode,
  readConfiguration,
} from '#runtime/configuration.js';
import { keyWrapperOf } from '#runtime/keys/load-keys.js';
import { organizationIds } from '#runtime/organization-ids.js';
import { countSealed } from '#runtime/rotation/count-sealed.js';
import { sealedOfPeople } from '#runtime/rotation/reseal-people.js';

// The operator's program behind `npm run vault`: what is sealed with which key, and sealing all of it anew.

const usage = `npm run vault -- new-key    makes a key to put in front of ENCRYPTION_KEYS; wrapped where a KMS is set
npm run vault -- status   counts the secrets of all organizations by key
npm run vault -- rotate   has all of them sealed anew with the first key; ask for the status meanwhile
`;
const pageSize = 100;

try {
  const [command, ...rest] = process.argv.slice(2);
  if (!isCommand(command) || rest.length > 0) {
    process.stderr.write(usage);
    process.exit(2);
  }
  const configuration = readConfiguration({ LOG_LEVEL: 'error', ...process.env });
  if (command === 'new-key') {
    process.stdout.write(`${await newKey(configuration)}\n`);
    process.exit(0);
  }
  const app = await createApp(configuration, 'vault');
  if (command === 'rotate') await rotate(app);
  await showStatus(app);
  await app.close();
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof ConfigurationError ? configurationExitCode : 1);
}

function isCommand(text: string | undefined): boolean {
  return text === 'status' || text === 'rotate' || text === 'new-key';
}

/** An entry of ENCRYPTION_KEYS, named after the day. */
async function newKey(configuration: Configuration): Promise<string> {
  const taken = new Set(configuration.ENCRYPTION_KEYS.map(({ id }) => id));
  const day = `k${new Date().toISOString().slice(0, 10)}`;
  const id = taken.has(day) ? `${day}-${randomBytes(4).toString('hex')}` : day;
  const key = randomBytes(32);
  const entry = (await keyWrapperOf(configuration)?.wrap(id, key)) ?? key;
  return `${id}:${entry.toString('base64')}`;
}

async function rotate({ services: { engine, vault } }: App): Promise<void> {
  await engine.rotateVault({ orgId: null, keyId: vault.newestKeyId });
  process.stdout.write(`Sealing anew with ${vault.newestKeyId} has begun; workers do it.\n`);
}

async function showStatus({ services: { database, vault } }: App): Promise<void> {
  const page = (after: string | null) => organizationIds(database, after, pageSize);
  const totals = new Map<string, number>();
  const people = new Map<string, string>();
  for (let ids = await page(null); ids.length > 0; ids = await page(ids.at(-1) ?? null)) {
    for (const orgId of ids) {
      for (const [userId, keyId] of await sealedOfPeople(database, orgId)) people.set(userId, keyId);
      for (const { table, column, keyId, count } of await database.withOrg(orgId, countSealed)) {
        const name = `${table}.${column} ${keyId}`;
        totals.set(name, (totals.get(name) ?? 0) + count);
      }
    }
  }
  for (const keyId of people.values()) {
    const name = `totp_secrets.secret ${keyId}`;
    totals.set(name, (totals.get(name) ?? 0) + 1);
  }
  process.stdout.write(`Key that seals now: ${vault.newestKeyId}\n`);
  for (const [name, count] of [...totals].sort()) {
    const [column = '', keyId = ''] = name.split(' ');
    const note = vault.knows(keyId) ? '' : ', which is not there';
    process.stdout.write(`  ${column}: ${count} with ${keyId}${note}\n`);
  }
}
