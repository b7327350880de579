import { createApp } from '#app.js';
import { onTestsEnd } from './closing.js';
import { openTestStack } from './stack.js';
import { configurationFor, openTestWorker, type TestSystem } from './system.js';

let system: Promise<TestSystem> | undefined;

/** Events after which a workflow of this system goes on as a new one: about two steps. */
const historyLimit = 12;

/** A system of its own with a worker at work in this process, whose workflows go on as new ones all the time. */
export function continuingSystem(): Promise<TestSystem> {
  system ??= openContinuingSystem();
  return system;
}

async function openContinuingSystem(): Promise<TestSystem> {
  const stack = await openTestStack(['postgres', 'temporal']);
  const configuration = configurationFor(stack, { RUN_HISTORY_LIMIT: String(historyLimit) });
  const app = await createApp(configuration, 'test');
  onTestsEnd(app.close);
  await openTestWorker(app);
  return { stack, configuration, app };
}
