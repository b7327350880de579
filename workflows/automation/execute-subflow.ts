import { CancellationScope, sleep, workflowInfo } from '@temporalio/workflow';
import { isReference, type PackedValue } from '#core/automation/packed-value.js';
import { defaultHandle, type PlanNode } from '#core/automation/plan.js';
import type { WaitEnd } from '#core/automation/wait.js';
import { type ErrorRecord, errorTable } from '#core/errors.js';
import { openRunWait, performActionOf } from './activities.js';
import { untilAnswered } from './execute-wait.js';
import { StepFailure } from './failures.js';
import { tracked } from './leaving.js';
import type { RunState } from './run-state.js';

type SubflowNode = Extract<PlanNode, { type: 'subflow' }>;

/** A run that was started, or found: the same step never starts a second one. */
interface StartedRun {
  runId: string;
  attempt: number;
}

/** One time that the run is waited for. */
interface Try {
  input: PackedValue;
  /** What its start is told apart by from that of others. */
  call: string;
  tried: number;
  until: number | null;
  /** The run, if it was started before the workflow went on as a new one. */
  known: StartedRun | undefined;
}

/** Starts a run of another automation, and goes on at once or with its result. */
export async function executeSubflow(state: RunState, node: SubflowNode): Promise<string> {
  state.begin(node);
  const left = state.taken(node, 'call');
  const input = await state.evaluate(node, node.input);
  if (node.mode === 'detach') {
    const { runId } = await start(state, node, input, undefined);
    state.end(node, 'succeeded', { output: { inline: { runId } } });
    return defaultHandle;
  }
  const { attempt = 1 } = state.start;
  const ends = node.timeoutMs === undefined ? null : Date.now() + node.timeoutMs;
  const until = left ? left.until : ends;
  const first = left?.tried ?? 1;
  for (let tried = first; ; tried += 1) {
    const known = left && tried === first ? left : undefined;
    const end = await runToItsEnd(state, node, { input, call: `${attempt}.${tried}`, tried, until, known });
    if (end.run?.status === 'succeeded') {
      state.end(node, 'succeeded', { output: end.answer });
      return defaultHandle;
    }
    const error = errorOf(node, end);
    const pauseMs = Math.min(node.retry.maxBackoffMs, node.retry.backoffMs * 2 ** (tried - 1));
    const isTimeUp = until !== null && Date.now() + pauseMs >= until;
    const isWorthATry = end.run?.status === 'failed' && errorTable[error.code].retryable && !isTimeUp;
    if (!isWorthATry || tried >= node.tries) throw new StepFailure(node.id, error);
    await tracked(() => sleep(pauseMs));
  }
}

async function runToItsEnd(
  state: RunState,
  node: SubflowNode,
  { input, call, tried, until, known }: Try,
): Promise<WaitEnd> {
  const { orgId, automationId } = state.group;
  const { runId, depth } = state.start;
  // From its start on until it is waited for, nothing may come between: whoever is cancelled then cancels it too.
  const { started, waitId, isOver } = await CancellationScope.nonCancellable(async () => {
    const started = known ?? (await start(state, node, input, call));
    const wait = await openRunWait({
      orgId,
      automationId,
      runId,
      nodeId: node.id,
      iteration: state.iteration,
      attempt: started.attempt,
      depth,
      workflowId: workflowInfo().workflowId,
      expiresAt: until,
      awaitedRunId: started.runId,
    });
    return { started, ...wait };
  });
  const end = await state.leavingBehind(
    node,
    () => ({ kind: 'call', tried, until, runId: started.runId, attempt: started.attempt }),
    () => untilAnswered(state, node, { waitId, isOver, until }),
  );
  state.recorder.run({ runId, depth, status: 'running', at: Date.now() });
  return end;
}

async function start(
  state: RunState,
  node: SubflowNode,
  input: PackedValue,
  call: string | undefined,
): Promise<StartedRun> {
  const { group, start: own } = state;
  const { isLocal, retry, startMs } = node;
  const { output } = await performActionOf({ isLocal, retry, timeoutMs: startMs })({
    orgId: group.orgId,
    automationId: group.automationId,
    grantId: group.grantId,
    runId: own.runId,
    nodeId: node.id,
    iteration: state.iteration,
    depth: own.depth,
    ...(own.attempt !== undefined && { attempt: own.attempt }),
    action: node.action,
    connection: undefined,
    input,
    keep: [['runId'], ['attempt']],
    maxAttempts: retry.attempts,
    timeoutMs: startMs,
    ending: null,
    ...(call !== undefined && { call }),
  });
  if (isReference(output)) throw new Error('What a subflow was started as does not travel by reference');
  return output.inline as StartedRun;
}

function errorOf({ timeoutMs }: SubflowNode, { status, run }: WaitEnd): ErrorRecord {
  if (status !== 'answered') {
    return { code: 'limit_exceeded', message: `The subflow took longer than ${timeoutMs} ms` };
  }
  if (run?.status === 'cancelled' || !run?.error) {
    return { code: 'conflict', message: 'The run of the subflow was cancelled' };
  }
  const { code, message } = run.error;
  return { code, message };
}
