import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { createApi } from '#cli/api.js';
import { CliError, misuse } from '#cli/cli-error.js';
import { type GlobalOptions, readSettings } from '#cli/settings.js';
import { openDatabase } from '#db/client.js';
import type { Anchor } from '#runtime/audit/verify/check-seals.js';
import { storedLogs } from './stored-logs.js';
import { Verification, verifyLog } from './verify-log.js';

// The program behind `npm run audit:verify`: through the API for an owner, or on the database itself for the operator.
// Exit status: 0 all logs hold, 1 one does not, 2 called wrongly or nothing answers.

interface Options extends GlobalOptions {
  direct?: boolean;
  org?: string;
  anchor?: Anchor;
}

const program = new Command('npm run audit:verify --')
  .exitOverride()
  .description('Verifies that audit logs are as they were sealed, and names the first break.')
  .option('--direct', 'read the database at DATABASE_URL, all organizations or the one of --org')
  .option('--org <slug>', 'address of the organization; with --direct')
  .option(
    '--anchor <seal:hash>',
    'a seal that was kept elsewhere, from audit.sealed or audit.status',
    readAnchor,
  )
  .option('--url <address>', 'where the system is; WORKSYNAPSE_URL unless given')
  .option(
    '--api-key-file <file>',
    'a file that holds an API key with audit:read; WORKSYNAPSE_API_KEY unless given',
  );

try {
  const options = program.parse().opts<Options>();
  const isWhole = await (options.direct ? verifyDirectly(options) : verifyByApi(options));
  process.exitCode = isWhole ? 0 : 1;
} catch (error) {
  if (!(error instanceof CliError || error instanceof CommanderError)) throw error;
  if (error instanceof CliError) console.error(error.message);
  // Commander has said it already; showing help is no failure.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}

function verifyByApi(options: Options): Promise<boolean> {
  if (options.org !== undefined)
    throw misuse('--org goes with --direct; an API key belongs to one organization.');
  const api = createApi(readSettings(options, process.env));
  const { anchor } = options;
  const verify = (after: number) =>
    api.post('/v1/audit/verify', { after, ...(anchor && { anchor }) }, Verification);
  return verifyLog({ name: api.url, verify }, say);
}

async function verifyDirectly({ org, anchor }: Options): Promise<boolean> {
  const { DATABASE_URL } = process.env;
  if (!DATABASE_URL) throw misuse('Set DATABASE_URL to the application’s role, as the API has it.');
  if (anchor && org === undefined) throw misuse('--anchor belongs to one organization: give --org as well.');
  const database = await openDatabase(DATABASE_URL, 2);
  try {
    let [logs, broken] = [0, 0];
    for await (const log of storedLogs(database, { slug: org, anchor })) {
      logs += 1;
      if (!(await verifyLog(log, say))) broken += 1;
    }
    if (org !== undefined && logs === 0) throw misuse(`There is no organization ${org}.`);
    return broken === 0;
  } finally {
    await database.close();
  }
}

function readAnchor(text: string): Anchor {
  const [, seal, hash] = /^([1-9]\d{0,8}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seal !== undefined && hash !== undefined) return { seal: Number(seal), hash };
  throw new InvalidArgumentError('It must be the number of a seal, a colon, and its hash.');
}

function say(line: string): void {
  console.log(line);
}
