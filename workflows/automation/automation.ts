import { CancellationScope, condition, defineUpdate, setHandler } from '@temporalio/workflow';
import type { SettledPage } from '#activities/automation-activities.js';
import type { Plan } from '#core/automation/plan.js';
import { cancelRunUpdate, type RunGroup, type RunStart, type SettledStep } from '#core/automation/run.js';
import { isSettled } from '#core/automation/settled.js';
import { AppError } from '#core/errors.js';
import { readSettled, useActivitiesOf } from './activities.js';
import { executeRun } from './execute-run.js';
import { maxPasses } from './passes.js';
import { planOf } from './plan-of.js';
import { createRecorder } from './recorder.js';
import { listenForWakes } from './wakes.js';
import { walk } from './walk.js';

const cancelRun = defineUpdate<void, [string]>(cancelRunUpdate);

/**
 * Runs an automation: one run, or several of one version side by side. Each has its own steps, error, idempotency
 * keys and cancellation; they share nothing but the workflow. The runs come as arguments of their own, so that none
 * of them alone makes a large payload.
 */
export async function automation(group: RunGroup, ...starts: RunStart[]): Promise<void> {
  // Made before the handler: a cancellation may come together with the start.
  const scopes = new Map(starts.map(({ runId }) => [runId, new CancellationScope()]));
  const unfinished = new Set(starts.map(({ runId }) => runId));
  const recorder = createRecorder(group);
  const wakes = listenForWakes();

  setHandler(cancelRun, (runId) => scopes.get(runId)?.cancel(), {
    validator: (runId) => {
      if (!unfinished.has(runId)) throw new AppError('conflict', 'The run has finished already');
    },
  });

  const plan = await planOf(group);
  useActivitiesOf(plan);
  const passes = { left: maxPasses };
  const runs = starts.map(async (start) => {
    const scope = scopes.get(start.runId) ?? new CancellationScope();
    const settled = await readEarlier(group, plan, start);
    const change = await executeRun({
      group,
      plan,
      start,
      scope,
      recorder,
      passes,
      settled,
      wakes,
      leftovers: [],
      walk,
    });
    unfinished.delete(start.runId);
    if (change) recorder.run(change);
  });
  const recording = recorder.writeUntil(() => unfinished.size === 0);
  await Promise.all([...runs, recording]);
  await condition(() => unfinished.size === 0);
}

/** What earlier attempts of the run have settled. */
async function readEarlier(
  { orgId }: RunGroup,
  plan: Plan,
  { runId, attempt = 1 }: RunStart,
): Promise<Map<string, SettledStep>> {
  const settled = new Map<string, SettledStep>();
  if (attempt === 1) return settled;
  const nodes = new Map(plan.nodes.map((node) => [node.id, node]));
  let after: string | null = null;
  for (;;) {
    const { steps, isLast }: SettledPage = await readSettled({ orgId, runId, after });
    for (const step of steps) {
      const node = nodes.get(step.nodeId);
      if (node && isSettled(node, step.status)) settled.set(step.nodeId, step);
    }
    after = steps.at(-1)?.nodeId ?? after;
    if (isLast) return settled;
  }
}
