import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import type { ScopeValues } from '#activities/automation-activities.js';
import { everyNode, type Plan } from '#core/automation/plan.js';
import type { RunGroup } from '#core/automation/run.js';
import { useActivitiesOf } from './activities.js';
import { StepFailure } from './failures.js';
import { type ItemsPart, openItems } from './items.js';
import type { WindowEnd, WindowStart } from './loop-elsewhere.js';
import { type LoopNode, runWindow } from './loop-window.js';
import { maxPasses } from './passes.js';
import { planOf } from './plan-of.js';
import { createRecorder, type Recorder } from './recorder.js';
import { createRunState } from './run-state.js';
import { StopRun } from './stop-run.js';
import { listenForWakes, type Wakes } from './wakes.js';
import { walk } from './walk.js';

/** Works through one window of a loop of one run. */
export async function loopWindow(
  group: RunGroup,
  start: WindowStart,
  part: ItemsPart,
  scope: ScopeValues,
): Promise<WindowEnd> {
  const recorder = createRecorder(group);
  const wakes = listenForWakes();
  let end: WindowEnd | undefined;
  let failure: unknown;
  const cancelled = CancellationScope.current().cancelRequested;
  // What has happened is written whatever becomes of the window.
  await CancellationScope.nonCancellable(async () => {
    const working = new CancellationScope();
    cancelled.catch(() => working.cancel());
    const recording = recorder.writeUntil(() => end !== undefined || failure !== undefined);
    try {
      end = await working.run(() => work(group, start, { part, scope, recorder, wakes }));
    } catch (error) {
      failure = error;
    }
    await recording;
    await condition(() => end !== undefined || failure !== undefined);
  });
  if (end) return end;
  throw failure;
}

async function work(
  group: RunGroup,
  { runId, depth, nodeId, iteration, from, to, attempt = 1 }: WindowStart,
  carried: { part: ItemsPart; scope: ScopeValues; recorder: Recorder; wakes: Wakes },
): Promise<WindowEnd> {
  const plan = await planOf(group);
  useActivitiesOf(plan);
  const node = findLoop(plan, nodeId);
  const { part, recorder } = carried;
  const state = createRunState(
    {
      group,
      plan,
      start: { runId, depth, attempt, trigger: carried.scope.trigger },
      scope: CancellationScope.current(),
      recorder,
      passes: { left: maxPasses },
      settled: new Map(),
      wakes: carried.wakes,
      leftovers: [],
      walk,
    },
    { ...carried.scope, iteration },
  );
  try {
    const items = await openItems(group.orgId, part);
    return { kind: 'done', outcome: await runWindow(state, node, { items, from, to }) };
  } catch (error) {
    if (isCancellation(error)) throw error;
    if (error instanceof StepFailure) return { kind: 'failed', nodeId: error.nodeId, record: error.record };
    if (error instanceof StopRun) {
      return { kind: 'stopped', status: error.status, message: error.message, output: error.output };
    }
    throw error;
  }
}

function findLoop(plan: Plan, id: string): LoopNode {
  const node = everyNode(plan).find((one) => one.id === id);
  if (node?.type !== 'loop') throw new Error(`The plan has no loop ${id}`);
  return node;
}
