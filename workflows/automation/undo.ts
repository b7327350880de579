import { CancellationScope } from '@temporalio/workflow';
import { compensateHandle } from '#core/automation/plan.js';
import type { RunChange } from '#core/automation/run.js';
import { StepFailure } from './failures.js';
import type { RunExecution } from './run-execution.js';
import type { RunState } from './run-state.js';

/**
 * Undoes the steps of a run that had succeeded and say how, the last one first. One that can't be undone does not keep
 * the others from it: its failure is returned, as the run's.
 */
export async function undo(
  { plan, leftovers, walk }: RunExecution,
  state: RunState,
): Promise<RunChange['error'] | undefined> {
  if (Object.keys(plan.compensations).length === 0) return undefined;
  let failure: RunChange['error'];
  await CancellationScope.nonCancellable(async () => {
    // What was at work when the run was given up may yet succeed.
    await Promise.all(leftovers);
    for (const id of state.giveUp()) {
      const nodes = plan.compensations[id] ?? [];
      try {
        await walk(state, nodes, { source: id, handle: compensateHandle });
      } catch (error) {
        if (!(error instanceof StepFailure)) throw error;
        failure ??= { ...error.record, ...(error.nodeId && { node: error.nodeId }) };
      }
    }
  });
  return failure;
}
