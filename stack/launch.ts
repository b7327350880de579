import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '#runtime/project-root.js';
import { type Application, type Programs, runMigrations, startApplication } from './application.js';
import { applicationAddress, applicationEnvironment } from './application-environment.js';
import { readLaunchSettings } from './launch-settings.js';
import { secondsSince } from './services.js';
import type { Stack } from './stack.js';
import { StartError } from './start-error.js';
import { startStack } from './start-stack.js';

// The program behind `npm start`: services, migrations, API and worker, until Ctrl-C.

const stopping = new AbortController();
const wasStopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // Stays in place: a second Ctrl-C must not cut the orderly stop short.
    process.on(signal, () => {
      stopping.abort(new StartError('Stopped before it was ready.'));
      resolve();
    });
  }
});
// The terminal may be gone before everything has stopped.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

try {
  await launch(readPrograms());
} catch (error) {
  if (error !== stopping.signal.reason) process.exitCode = 1;
  console.error(error instanceof StartError ? error.message : error);
}

async function launch(programs: Programs): Promise<void> {
  const began = performance.now();
  const envFile = join(projectRoot, '.env');
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  const stack = await startServices(programs);
  let application: Application | undefined;
  try {
    const address = applicationAddress(stack, process.env);
    const applicationBegan = performance.now();
    const environment = applicationEnvironment(stack, process.env);
    application = await startApplication(programs, address, environment, stack.supervision);
    step(`API and worker are ready (${secondsSince(applicationBegan)} s)`);
    console.log(`\nWorkSynapse is ready at ${address} after ${secondsSince(began)} s.`);
    console.log('Next, in another terminal: npm run demo\nStop with Ctrl-C.\n');
    await wasStopped;
  } finally {
    console.log('Stopping; running automations go on at the next start');
    await application?.stop();
    await stack.stop();
    console.log('Stopped');
  }
}

async function startServices(programs: Programs): Promise<Stack> {
  const settings = readLaunchSettings(process.env);
  console.log(`WorkSynapse starts; its data is in ${settings.home}`);
  return startStack({
    ...settings,
    log: step,
    signal: stopping.signal,
    async prepareDatabase(urls) {
      const began = performance.now();
      await runMigrations(programs.migrations, urls, stopping.signal);
      step(`Database is migrated (${secondsSince(began)} s)`);
    },
  });
}

/** Other programs than the compiled ones can be given by --migrations, --api and --worker. */
function readPrograms(): Programs {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { migrations: text, api: text, worker: text } });
  const compiled = join(projectRoot, 'dist');
  return {
    migrations: values.migrations ?? join(compiled, 'stack', 'run-migrations.js'),
    api: values.api ?? join(compiled, 'api', 'main.js'),
    worker: values.worker ?? join(compiled, 'workers', 'main.js'),
  };
}

function step(line: string): void {
  console.log(`  ${line}`);
}
