import { inspect } from 'node:util';
import { closeAll } from './closing.js';

/** How long the process may take to end by itself once everything is closed. */
const longestEndMs = 15_000;

/**
 * Mocha calls this after the last test of the process. What could not be closed is told and holds nobody up: libraries
 * leave a timer of theirs behind now and then, and whether the tests passed is for the tests to say.
 */
export async function mochaGlobalTeardown(): Promise<void> {
  await closeAll().catch((error: unknown) => console.error(inspect(error)));
  setTimeout(() => {
    console.error(`Still open after the last test: ${process.getActiveResourcesInfo().join(', ')}`);
    process.exit();
  }, longestEndMs).unref();
}
