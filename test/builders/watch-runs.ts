import assert from 'node:assert/strict';
import { z } from 'zod';
import type { Caller } from '#runtime/caller.js';
import { eventually } from '../eventually.js';
import { buildAutomation, getRun, listRunIds, type ShownRun } from './build-automation.js';
import type { BuilderApp } from './builder-app.js';

const Started = z.object({ id: z.uuid() });

/** Waits until a run shows what is asked for. */
export async function runThat(
  app: BuilderApp,
  caller: Caller,
  runId: string,
  what: string,
  holds: (run: ShownRun) => boolean,
): Promise<ShownRun> {
  return eventually(what, async () => {
    const run = await getRun(app, caller, runId);
    return holds(run) ? run : undefined;
  });
}

/** Waits until a run has ended. */
export async function finishedRun(app: BuilderApp, caller: Caller, runId: string): Promise<ShownRun> {
  return runThat(app, caller, runId, `run ${runId} has ended`, (run) => run.finishedAt !== null);
}

/** Waits until an automation has this many runs. Returns their ids, oldest first. */
export async function startedRuns(
  app: BuilderApp,
  caller: Caller,
  automationId: string,
  count = 1,
): Promise<string[]> {
  return eventually(`there are ${count} runs`, async () => {
    const ids = await listRunIds(app, caller, automationId);
    return ids.length >= count ? ids.reverse() : undefined;
  });
}

/** Waits until an automation has this many runs and all of them have ended. */
export async function finishedRuns(
  app: BuilderApp,
  caller: Caller,
  automationId: string,
  count = 1,
): Promise<ShownRun[]> {
  const ids = await startedRuns(app, caller, automationId, count);
  assert.equal(ids.length, count, 'the number of runs');
  const runs: ShownRun[] = [];
  // One after the other: many that look all the time keep the runs themselves from going on.
  for (const id of ids) runs.push(await finishedRun(app, caller, id));
  return runs;
}

/** Starts a run by hand. Returns its id. */
export async function startRun(
  app: BuilderApp,
  caller: Caller,
  automationId: string,
  input: object = {},
): Promise<string> {
  return Started.parse(await app.perform(caller, 'automations.run', { id: automationId, input })).id;
}

/** Publishes a definition, runs it once by hand and waits for its end. */
export async function runOnce(
  app: BuilderApp,
  caller: Caller,
  definition: object,
  input: object = {},
): Promise<ShownRun> {
  const { id } = await buildAutomation(app, caller, definition);
  return finishedRun(app, caller, await startRun(app, caller, id, input));
}

/** The step of a node. Fails if the run has none. */
export function stepOf(run: ShownRun, nodeId: string): ShownRun['steps'][number] {
  const step = run.steps.find((entry) => entry.nodeId === nodeId);
  assert.ok(step, `a step ${nodeId}`);
  return step;
}

/** Status of every step, by node. */
export function stepStatuses(run: ShownRun): Record<string, string> {
  return Object.fromEntries(run.steps.map(({ nodeId, status }) => [nodeId, status]));
}
