import { isCancellation, sleep } from '@temporalio/workflow';
import type { PackedValue } from '#core/automation/packed-value.js';
import type { RunChange } from '#core/automation/run.js';
import type { ErrorRecord } from '#core/errors.js';
import { StepFailure } from './failures.js';
import type { RunExecution } from './run-execution.js';
import { createRunState } from './run-state.js';
import { StopRun } from './stop-run.js';
import { undo } from './undo.js';

type Outcome = Pick<RunChange, 'status' | 'result' | 'error'>;

/**
 * Carries one run from start to end. Never throws: whatever happens is the run's outcome. Returns the change to write;
 * undefined if the last step has written it.
 */
export async function executeRun(execution: RunExecution): Promise<RunChange | undefined> {
  const { plan, start, scope } = execution;
  const { runId, depth } = start;
  const state = createRunState(execution);
  const outcome = await scope
    .run(() => withTimeout(plan.timeoutMs, () => execution.walk(state, plan.nodes)))
    .then(
      (): Outcome => ({ status: 'succeeded' }),
      (error: unknown) => outcomeOf(error),
    );
  // Nothing of the run may go on after its end.
  scope.cancel();
  const failure = isGivenUp(execution, outcome) ? await undo(execution, state) : undefined;
  if (failure) outcome.error ??= failure;
  if (state.isRecorded && outcome.status === 'succeeded') return undefined;
  state.recordUntouched(outcome.status);
  return { runId, depth, at: Date.now(), ...outcome };
}

function isGivenUp({ plan }: RunExecution, { status }: Outcome): boolean {
  return status === 'cancelled' || (status === 'failed' && plan.undoesFailed);
}

async function withTimeout(timeoutMs: number | undefined, work: () => Promise<void>): Promise<void> {
  if (timeoutMs === undefined) return work();
  const limit = sleep(timeoutMs).then(() => {
    throw new StepFailure(undefined, {
      code: 'limit_exceeded',
      message: `The run took longer than ${timeoutMs} ms`,
    });
  });
  await Promise.race([work(), limit]);
}

function outcomeOf(error: unknown): Outcome {
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
