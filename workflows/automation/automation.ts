import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import type { StepLeft } from '#core/automation/checkpoint.js';
import { cancelRunUpdate, type RunGroup, type RunStart } from '#core/automation/run.js';
import { AppError } from '#core/errors.js';
import { useActivitiesOf } from './activities.js';
import { executeRun } from './execute-run.js';
import { hasLeft, isLeavingDue, isStill, leave, limitHistory } from './leaving.js';
import { maxPasses } from './passes.js';
import { planOf } from './plan-of.js';
import { createRecorder } from './recorder.js';
import { readEarlier } from './take-up.js';
import { listenForWakes } from './wakes.js';
import { walk } from './walk.js';

const cancelRun = defineUpdate<void, [string]>(cancelRunUpdate);

/**
 * Runs an automation: one run, or several of one version side by side. Each has its own steps, error, idempotency
 * keys and cancellation; they share nothing but the workflow. The runs come as arguments of their own, so that none
 * of them alone makes a large payload.
 *
 * When its history has grown long, it lets what is under way end, begins nothing more, and goes on as a new workflow of
 * the same id with the runs that have not ended.
 */
export async function automation(group: RunGroup, ...starts: RunStart[]): Promise<void> {
  // Made before the handler: a cancellation may come together with the start.
  const scopes = new Map(starts.map(({ runId }) => [runId, new CancellationScope()]));
  const unfinished = new Set(starts.map(({ runId }) => runId));
  const recorder = createRecorder(group, starts[0]?.attempt);
  const wakes = listenForWakes();
  /** Runs to be cancelled as soon as that can be done. */
  const held = new Set(starts.flatMap(({ runId, left }) => (left?.isCancelled ? [runId] : [])));
  let hasTakenUp = starts.every(({ left }) => left === undefined);

  setHandler(
    cancelRun,
    (runId) => {
      // What was under way before the workflow went on as a new one has to be taken up before it can be cancelled.
      if (hasLeft() || !hasTakenUp) held.add(runId);
      else scopes.get(runId)?.cancel();
    },
    {
      validator: (runId) => {
        if (!unfinished.has(runId)) throw new AppError('conflict', 'The run has finished already');
      },
    },
  );

  limitHistory(group.historyLimit);
  const plan = await planOf(group);
  useActivitiesOf(plan);
  const passes = { left: maxPasses };
  const goingOn: RunStart[] = [];
  const runs = starts.map(async (start) => {
    const { runId } = start;
    const scope = scopes.get(runId) ?? new CancellationScope();
    const settled = await readEarlier(group, plan, start);
    const isHeld = () => held.has(runId);
    const leftSteps = new Map<string, StepLeft>();
    const leftovers: Promise<unknown>[] = [];
    const carried = { recorder, passes, leftSteps, leftovers, isHeld, wakes, walk };
    const execution = { group, plan, start, scope, ...carried };
    const end = await executeRun(execution, settled);
    if (end.kind === 'left') {
      goingOn.push(end.start);
      return;
    }
    unfinished.delete(runId);
    if (end.change) recorder.run(end.change);
  });
  const isQuiet = () => isStill() && !wakes.hasPending() && !recorder.isBusy();
  const hasGoneOn = () => goingOn.length === unfinished.size;
  const recording = recorder.writeUntil(hasGoneOn);
  if (!hasTakenUp) {
    await condition(() => hasGoneOn() || isQuiet());
    hasTakenUp = true;
    for (const runId of held) scopes.get(runId)?.cancel();
  }
  await condition(() => hasGoneOn() || (isLeavingDue() && isQuiet()));
  if (!hasGoneOn()) leave();
  await Promise.all([...runs, recording]);
  await condition(() => hasGoneOn() && allHandlersFinished());
  if (goingOn.length > 0) await continueAsNew<typeof automation>(group, ...goingOn.map(asHeld));

  function asHeld(start: RunStart): RunStart {
    if (!start.left || !held.has(start.runId)) return start;
    return { ...start, left: { ...start.left, isCancelled: true } };
  }
}
