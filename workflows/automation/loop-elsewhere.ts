import { CancellationScope, getExternalWorkflowHandle, startChild, workflowInfo } from '@temporalio/workflow';
import type { ScopeValues } from '#activities/automation-activities.js';
import type { Checkpoint, WindowLeft, WindowOutcome } from '#core/automation/checkpoint.js';
import { jsonSize, maxInlineSize, type PackedValue } from '#core/automation/packed-value.js';
import type { PlanNode } from '#core/automation/plan.js';
import type { Iteration } from '#core/automation/run.js';
import type { ErrorRecord } from '#core/errors.js';
import { storeValue } from './activities.js';
import { StepFailure } from './failures.js';
import { trackedElsewhere } from './leaving.js';
import type { LoopNode, Window } from './loop-window.js';
import type { RunState } from './run-state.js';
import { StopRun } from './stop-run.js';

/** A window of a loop on its way to a workflow of its own. */
export interface WindowStart {
  runId: string;
  depth: number;
  nodeId: string;
  iteration: Iteration;
  from: number;
  to: number;
  /** Of the run; 1 unless given. */
  attempt?: number;
  /** Set when the window's workflow goes on as a new one. */
  left?: Checkpoint;
  window?: WindowLeft | null;
}

/** How a window ended; errors as data, so that nothing of them is lost between the workflows. */
export type WindowEnd =
  | { kind: 'done'; outcomes: WindowOutcome[] }
  | { kind: 'failed'; nodeId: string | undefined; record: ErrorRecord }
  | { kind: 'stopped'; status: StopRun['status']; message: string; output: PackedValue | undefined };

/** Has a window worked through by a child workflow. Rejects as the window itself would. */
export async function runWindowElsewhere(
  state: RunState,
  node: LoopNode,
  { items, from, to }: Window,
): Promise<WindowOutcome[]> {
  const { runId, depth } = state.start;
  const { orgId } = state.group;
  const scope = await lightened(orgId, state.scopeOf(namesReadInside(node)));
  const { attempt = 1 } = state.start;
  const start: WindowStart = { runId, depth, nodeId: node.id, iteration: state.iteration, from, to };
  if (attempt > 1) start.attempt = attempt;
  const parts = [runId, node.id, state.iteration, attempt === 1 ? '' : `attempt-${attempt}`];
  const place = parts.filter(Boolean).join('/');
  const workflowId = `org/${orgId}/loops/${place}#${from}`;
  const end: WindowEnd = await trackedElsewhere(() =>
    endOfChild(workflowId, [state.group, start, items.part(from, to), scope]),
  );
  if (end.kind === 'done') return end.outcomes;
  if (end.kind === 'failed') throw new StepFailure(end.nodeId, end.record);
  throw new StopRun(end.status, end.message, end.output);
}

/**
 * Starts a window's workflow and waits for its end. The engine takes a cancellation of a child to the workflow that was
 * started, and not to the one as which it goes on; so it is sent here, to whichever there is.
 */
async function endOfChild(workflowId: string, args: unknown[]): Promise<WindowEnd> {
  const { cancelRequested } = CancellationScope.current();
  return CancellationScope.nonCancellable(async () => {
    const child = await startChild('loopWindow', {
      workflowId,
      args,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      priority: workflowInfo().priority ?? {},
    });
    let isOver = false;
    const cancel = async () => {
      // One that ends at this moment can't be cancelled, and need not be.
      if (!isOver) await getExternalWorkflowHandle(workflowId).cancel();
    };
    cancelRequested.catch(cancel).catch(() => {});
    return child.result().finally(() => {
      isOver = true;
    });
  });
}

/** Everything that expressions inside the loop start from. */
function namesReadInside(node: LoopNode): string[] {
  return [...new Set([...node.bodyReads, ...node.body.flatMap(namesReadIn)])].sort();
}

/** Everything that the expressions of a node, and of the body within, start from. */
function namesReadIn(node: PlanNode): string[] {
  const inner = 'body' in node ? [...node.bodyReads, ...node.body.flatMap(namesReadIn)] : [];
  return [...new Set([...node.reads, ...inner])].sort();
}

/** The same scope with its values by reference, if together they would make a large payload. */
async function lightened(orgId: string, scope: ScopeValues): Promise<ScopeValues> {
  if (jsonSize(scope) <= maxInlineSize) return scope;
  const store = async (value: PackedValue): Promise<PackedValue> =>
    'inline' in value && jsonSize(value.inline) > 200 ? storeValue({ orgId, value: value.inline }) : value;
  const steps: ScopeValues['steps'] = {};
  for (const [id, step] of Object.entries(scope.steps)) {
    const item = step.item && { item: await store(step.item) };
    steps[id] = { ...step, output: await store(step.output), ...item };
  }
  const item = scope.item && { item: await store(scope.item) };
  const vars = scope.vars && { vars: await store(scope.vars) };
  return { ...scope, trigger: await store(scope.trigger), steps, ...item, ...vars };
}
