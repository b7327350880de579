import { isCancellation, sleep } from '@temporalio/workflow';
import type { PackedValue } from '#core/automation/packed-value.js';
import type { RunChange, RunStart } from '#core/automation/run.js';
import type { ErrorRecord } from '#core/errors.js';
import { StepFailure } from './failures.js';
import { Leaving } from './leaving.js';
import type { RunExecution } from './run-execution.js';
import { createRunState } from './run-state.js';
import { StopRun } from './stop-run.js';
import type { SettledSteps } from './take-up.js';
import { undo } from './undo.js';

type Outcome = Pick<RunChange, 'status' | 'result' | 'error'>;

/** How a run left the workflow. */
export type RunEnd =
  /** It has ended; without a change its last step has written that. */
  | { kind: 'ended'; change: RunChange | undefined }
  /** The workflow goes on as a new one, and the run with it. */
  | { kind: 'left'; start: RunStart };

/** Carries one run from start to end. Never throws: whatever happens is the run's outcome. */
export async function executeRun(execution: RunExecution, settled: SettledSteps): Promise<RunEnd> {
  const { plan, start, scope } = execution;
  const { runId, depth } = start;
  const startedAt = start.left?.startedAt ?? new Date().toISOString();
  const ends = plan.timeoutMs === undefined ? null : Date.now() + plan.timeoutMs;
  const deadline = start.left ? start.left.deadline : ends;
  const state = createRunState(execution, { settled, startedAt });
  const outcome = await scope
    .run(() => withDeadline(plan.timeoutMs, deadline, () => execution.walk(state, plan.nodes)))
    .then(
      (): Outcome => ({ status: 'succeeded' }),
      (error: unknown) => outcomeOf(error),
    );
  if (outcome === 'left') {
    const left = { startedAt, deadline, isCancelled: false, steps: Object.fromEntries(execution.leftSteps) };
    return { kind: 'left', start: { ...start, left } };
  }
  // Nothing of the run may go on after its end.
  scope.cancel();
  const failure = isGivenUp(execution, outcome) ? await undo(execution, state) : undefined;
  if (failure) outcome.error ??= failure;
  if (state.isRecorded && outcome.status === 'succeeded') return { kind: 'ended', change: undefined };
  state.recordUntouched(outcome.status);
  return { kind: 'ended', change: { runId, depth, at: Date.now(), ...outcome } };
}

function isGivenUp({ plan }: RunExecution, { status }: Outcome): boolean {
  return status === 'cancelled' || (status === 'failed' && plan.undoesFailed);
}

async function withDeadline(
  timeoutMs: number | undefined,
  deadline: number | null,
  work: () => Promise<void>,
): Promise<void> {
  if (deadline === null) return work();
  const limit = sleep(Math.max(1, deadline - Date.now())).then(() => {
    throw new StepFailure(undefined, {
      code: 'limit_exceeded',
      message: `The run took longer than ${timeoutMs} ms`,
    });
  });
  await Promise.race([work(), limit]);
}

function outcomeOf(error: unknown): Outcome | 'left' {
  if (error instanceof Leaving) return 'left';
  if (error instanceof StopRun) return { status: error.status, ...stopDetails(error) };
  if (error instanceof StepFailure) return { status: 'failed', error: failureRecord(error) };
  if (isCancellation(error)) return { status: 'cancelled' };
  throw error;
}

function stopDetails({ status, message, output }: StopRun): { result?: PackedValue; error?: ErrorRecord } {
  const result = output === undefined ? {} : { result: output };
  return status === 'failed' ? { ...result, error: { code: 'conflict', message } } : result;
}

function failureRecord({ nodeId, record }: StepFailure): NonNullable<RunChange['error']> {
  return nodeId === undefined ? record : { ...record, node: nodeId };
}
