import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import { createApp } from '#app.js';
import { CliError, misuse } from '#cli/cli-error.js';
import { ConfigurationError, configurationExitCode, readConfiguration } from '#runtime/configuration.js';
import { createLogger } from '#runtime/logger.js';
import { projectRoot } from '#runtime/project-root.js';
import { localEnvironment } from './local-environment.js';
import { StartError } from './start-error.js';

// The operator's program behind `npm run create-admin`: makes a person a super-user of the platform.
// Exit status: 0 they are one, 1 it could not be done, 2 called wrongly, 78 settings that can't be used.

const Options = z.object({
  email: z.email('--email must be a mail address').max(254),
  name: z.string().trim().min(1, '--name must not be empty').max(200).optional(),
});

const program = new Command('npm run create-admin --')
  .exitOverride()
  .description('Makes a person a super-user of the platform, with an account if they have none.')
  .requiredOption('--email <address>', 'of the person')
  .option('--name <name>', 'of one who has no account yet; the address unless given');

try {
  const options = Options.safeParse(program.parse().opts());
  if (!options.success) throw misuse(options.error.issues.map(({ message }) => message).join('\n'));
  const { email, name } = options.data;
  for (const line of await appoint(email, name)) console.log(line);
  process.exit(0);
} catch (error) {
  process.exit(failureOf(error));
}

/** Makes the person a super-user, and says what has come of it. */
async function appoint(email: string, name: string | undefined): Promise<string[]> {
  const configuration = readConfiguration({ LOG_LEVEL: 'error', ...environment() });
  const app = await createApp(configuration, 'create-admin');
  try {
    const { isNew, link } = await app.createAdmin({ email, name });
    const first = isNew
      ? `${email} is a super-user now. At the first log-in a second factor is set up.`
      : `${email} is a super-user already.`;
    if (link === 'none') return [first];
    if (link === 'enough')
      return [first, 'Three links were mailed within the hour: use the last one, or wait.'];
    if (configuration.MAIL_URL !== undefined) return [first, 'A link to set a password was mailed.'];
    return [first, 'No mail is sent here. The link to set a password, good for 30 minutes:', link.url];
  } finally {
    await app.close();
  }
}

/** That of this process where it names a database; else that of the system which `npm start` runs on this machine. */
function environment(): NodeJS.ProcessEnv {
  const file = join(projectRoot, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
  return process.env.DATABASE_URL ? process.env : localEnvironment(process.env);
}

/** Says what is wrong. Returns the exit status. */
function failureOf(error: unknown): number {
  // Commander has said it already; showing help is no failure.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof ConfigurationError) {
    console.error(error.message);
    return configurationExitCode;
  }
  if (error instanceof CliError || error instanceof StartError) {
    console.error(error.message);
    return error instanceof CliError ? error.exitCode : 1;
  }
  if (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED') {
    console.error('The database does not answer: is the system running?');
    return 1;
  }
  createLogger({ name: 'create-admin', level: 'error' }).error({ err: error }, 'The super-user was not made');
  return 1;
}
