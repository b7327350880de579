import { CancellationScope, condition, continueAsNew, isCancellation } from '@temporalio/workflow';
import type { ScopeValues } from '#activities/automation-activities.js';
import type { StepLeft, WindowLeft } from '#core/automation/checkpoint.js';
import { everyNode, type Plan } from '#core/automation/plan.js';
import type { RunGroup } from '#core/automation/run.js';
import { useActivitiesOf } from './activities.js';
import { StepFailure } from './failures.js';
import { type ItemsPart, openItems } from './items.js';
import { hasLeft, isLeavingDue, isStill, Leaving, leave, limitHistory, preparing } from './leaving.js';
import type { WindowEnd, WindowStart } from './loop-elsewhere.js';
import { lightLoop } from './loop-output.js';
import { type LoopNode, runWindow } from './loop-window.js';
import { maxPasses } from './passes.js';
import { planOf } from './plan-of.js';
import { createRecorder, type Recorder } from './recorder.js';
import { createRunState } from './run-state.js';
import { StopRun } from './stop-run.js';
import { listenForWakes, type Wakes } from './wakes.js';
import { walk } from './walk.js';

/** The window has not ended: the workflow goes on as a new one. */
interface WindowGoesOn {
  kind: 'left';
  start: WindowStart;
}

/** Works through one window of a loop of one run; goes on as a new workflow when its history has grown long. */
export async function loopWindow(
  group: RunGroup,
  start: WindowStart,
  part: ItemsPart,
  scope: ScopeValues,
): Promise<WindowEnd> {
  const recorder = createRecorder(group, start.attempt);
  const wakes = listenForWakes();
  let end: WindowEnd | WindowGoesOn | undefined;
  let failure: unknown;
  let isToCancel = start.left?.isCancelled ?? false;
  let hasTakenUp = start.left === undefined;
  const isOver = () => end !== undefined || failure !== undefined;
  const isQuiet = () => isStill() && !wakes.hasPending() && !recorder.isBusy();
  const cancelled = CancellationScope.current().cancelRequested;
  limitHistory(group.historyLimit);
  // What has happened is written whatever becomes of the window.
  await CancellationScope.nonCancellable(async () => {
    const working = new CancellationScope();
    cancelled.catch(() => {
      isToCancel = true;
      // What was under way before the workflow went on as a new one has to be taken up before it can be cancelled.
      if (hasTakenUp && !hasLeft()) working.cancel();
    });
    const recording = recorder.writeUntil(isOver);
    const isHeld = () => isToCancel;
    const ended = working
      .run(() => work(group, start, { part, scope, recorder, wakes, isHeld }))
      .then(
        (outcome) => (end = outcome),
        (error: unknown) => (failure = error),
      );
    if (!hasTakenUp) {
      await condition(() => isOver() || isQuiet());
      hasTakenUp = true;
      if (isToCancel) working.cancel();
    }
    await condition(() => isOver() || (isLeavingDue() && isQuiet()));
    if (!isOver()) leave();
    await Promise.all([ended, recording]);
    await condition(isOver);
  });
  if (!end) throw failure;
  if (end.kind !== 'left') return end;
  const { left } = end.start;
  const next = { ...end.start, ...(left && { left: { ...left, isCancelled: isToCancel } }) };
  return continueAsNew<typeof loopWindow>(group, next, part, scope);
}

interface Carried {
  part: ItemsPart;
  scope: ScopeValues;
  recorder: Recorder;
  wakes: Wakes;
  isHeld(): boolean;
}

async function work(
  group: RunGroup,
  start: WindowStart,
  { part, scope, recorder, wakes, isHeld }: Carried,
): Promise<WindowEnd | WindowGoesOn> {
  const { runId, depth, nodeId, iteration, from, to, attempt = 1 } = start;
  // Until the passes have begun that were under way, nothing of them can be cancelled.
  const plan = await preparing(() => planOf(group));
  useActivitiesOf(plan);
  const node = findLoop(plan, nodeId);
  const leftSteps = new Map<string, StepLeft>();
  const state = createRunState(
    {
      group,
      plan,
      start: { runId, depth, attempt, trigger: scope.trigger, ...(start.left && { left: start.left }) },
      scope: CancellationScope.current(),
      recorder,
      passes: { left: maxPasses },
      leftSteps,
      leftovers: [],
      isHeld,
      wakes,
      walk,
    },
    { settled: new Map(), startedAt: '', outer: { ...scope, iteration } },
  );
  let windowLeft: WindowLeft | null = null;
  try {
    const items = await openItems(group.orgId, part);
    const window = { items, from, to };
    const onLeave = (left: WindowLeft) => {
      windowLeft = left;
    };
    const outcomes = await runWindow(state, node, window, onLeave, start.window ?? undefined);
    return { kind: 'done', outcomes };
  } catch (error) {
    if (isCancellation(error)) throw error;
    if (error instanceof Leaving) {
      const { window } = await lightLoop(group.orgId, [], windowLeft);
      const left = {
        startedAt: '',
        deadline: null,
        isCancelled: false,
        steps: Object.fromEntries(leftSteps),
      };
      return { kind: 'left', start: { ...start, left, window } };
    }
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
