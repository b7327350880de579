import { openSystem, openTestWorker, type TestSystem } from './system.js';

let system: Promise<TestSystem> | undefined;

/** Events after which a workflow of this system goes on as a new one: about two steps. */
const historyLimit = 12;

/** A system of its own with a worker at work in this process, whose workflows go on as new ones all the time. */
export function continuingSystem(): Promise<TestSystem> {
  system ??= openContinuingSystem(historyLimit);
  return system;
}

/** Another one, whose workflows go on as new ones after this many events. */
export async function openContinuingSystem(historyLimit: number): Promise<TestSystem> {
  const opened = await openSystem({ RUN_HISTORY_LIMIT: String(historyLimit) });
  await openTestWorker(opened.app);
  return opened;
}
