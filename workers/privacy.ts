import { readFile } from 'node:fs/promises';
import { type App, createApp } from '#app.js';
import { ConfigurationError, configurationExitCode, readConfiguration } from '#runtime/configuration.js';
import { eraseAgain } from '#runtime/privacy/tombstones/erase-again.js';
import {
  keepTombstone,
  readTombstone,
  tombstonesByOrganization,
} from '#runtime/privacy/tombstones/stored-tombstones.js';
import { Tombstone } from '#runtime/privacy/tombstones/tombstone.js';

// The operator's program behind `npm run privacy`: takes the list of what was erased out of a deployment, and has it
// erased again in one whose database and files were restored from a backup.

const usage = `npm run privacy -- tombstones export         writes the list of what was erased to standard output, a line each
npm run privacy -- tombstones apply <file>   has what such a list names erased again; workers do it
`;

try {
  const [subject, command, file, ...rest] = process.argv.slice(2);
  const isApply = command === 'apply' && file !== undefined;
  const isExport = command === 'export' && file === undefined;
  if (subject !== 'tombstones' || rest.length > 0 || !(isApply || isExport)) {
    process.stderr.write(usage);
    process.exit(2);
  }
  const listed = isApply ? await readList(file) : [];
  const app = await createApp(readConfiguration({ LOG_LEVEL: 'error', ...process.env }), 'privacy');
  await (isApply ? apply(app, listed) : exportAll(app));
  await app.close();
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof ConfigurationError ? configurationExitCode : 1);
}

/** Throws naming the first line that is no tombstone. */
async function readList(file: string): Promise<Tombstone[]> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [Tombstone.parse(JSON.parse(line))];
    } catch (cause) {
      throw new Error(`Line ${index + 1} of ${file} is no entry of such a list`, { cause });
    }
  });
}

async function exportAll({ services: { storage } }: App): Promise<void> {
  for (const keys of (await tombstonesByOrganization(storage)).values()) {
    for (const key of keys) {
      const tombstone = await readTombstone(storage, key);
      if (tombstone) process.stdout.write(`${JSON.stringify(tombstone)}\n`);
    }
  }
}

async function apply({ services }: App, listed: readonly Tombstone[]): Promise<void> {
  for (const tombstone of listed) await keepTombstone(services.storage, tombstone);
  const { people, organizations } = await eraseAgain(services);
  process.stdout.write(
    `${listed.length} entries; back, and erased again by the workers: ${people} people, ${organizations} organizations\n`,
  );
}
