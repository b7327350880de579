import { inspect } from 'node:util';
import { closeAll } from './closing.js';

/** How long the process may take to end by itself once everything is closed. */
const longestEndMs = 15_000;

/** Mocha calls this after the last test of the process. What is left open then is a failure, and holds nobody up. */
export async function mochaGlobalTeardown(): Promise<void> {
  await closeAll().catch((error: unknown) => fail(inspect(error)));
  setTimeout(
    () => fail(`Still open after the last test: ${process.getActiveResourcesInfo().join(', ')}`),
    longestEndMs,
  ).unref();
}

function fail(message: string): void {
  console.error(message);
  // After the listener of Mocha, which knows of tests only.
  process.on('exit', () => {
    process.exitCode = 1;
  });
  process.exit(1);
}
