import { CancellationScope, sleep, workflowInfo } from '@temporalio/workflow';
import { isReference, type PackedValue } from '#core/automation/packed-value.js';
import { defaultHandle, type PlanNode } from '#core/automation/plan.js';
import type { WaitEnd } from '#core/automation/wait.js';
import { type ErrorRecord, errorTable } from '#core/errors.js';
import { openRunWait, performActionOf } from './activities.js';
import { untilAnswered } from './execute-wait.js';
import { StepFailure } from './failures.js';
import type { RunState } from './run-state.js';

type SubflowNode = Extract<PlanNode, { type: 'subflow' }>;

/** A run that was started, or found: the same step never starts a second one. */
interface StartedRun {
  runId: string;
  attempt: number;
}

/** Starts a run of another automation, and goes on at once or with its result. */
export async function executeSubflow(state: RunState, node: SubflowNode): Promise<string> {
  state.begin(node);
  const input = await state.evaluate(node, node.input);
  if (node.mode === 'detach') {
    const { runId } = await start(state, node, input, undefined);
    state.end(node, 'succeeded', { output: { inline: { runId } } });
    return defaultHandle;
  }
  const { attempt = 1 } = state.start;
  const endsAt = node.timeoutMs === undefined ? undefined : Date.now() + node.timeoutMs;
  for (let tried = 1; ; tried += 1) {
    const end = await runToItsEnd(state, node, { input, call: `${attempt}.${tried}`, endsAt });
    if (end.run?.status === 'succeeded') {
      state.end(node, 'succeeded', { output: end.answer });
      return defaultHandle;
    }
    const error = errorOf(node, end);
    const pauseMs = Math.min(node.retry.maxBackoffMs, node.retry.backoffMs * 2 ** (tried - 1));
    const isTimeUp = endsAt !== undefined && Date.now() + pauseMs >= endsAt;
    const isWorthATry = end.run?.status === 'failed' && errorTable[error.code].retryable && !isTimeUp;
    if (!isWorthATry || tried >= node.tries) throw new StepFailure(node.id, error);
    await sleep(pauseMs);
  }
}

async function runToItsEnd(
  state: RunState,
  node: SubflowNode,
  { input, call, endsAt }: { input: PackedValue; call: string; endsAt: number | undefined },
): Promise<WaitEnd> {
  const { orgId, automationId } = state.group;
  const { runId, depth } = state.start;
  // From its start on until it is waited for, nothing may come between: whoever is cancelled then cancels it too.
  const { waitId, isOver } = await CancellationScope.nonCancellable(async () => {
    const started = await start(state, node, input, call);
    return openRunWait({
      orgId,
      automationId,
      runId,
      nodeId: node.id,
      iteration: state.iteration,
      attempt: started.attempt,
      depth,
      workflowId: workflowInfo().workflowId,
      expiresAt: endsAt ?? null,
      awaitedRunId: started.runId,
    });
  });
  const timeoutMs = endsAt === undefined ? undefined : Math.max(1, endsAt - Date.now());
  const end = await untilAnswered(state, node, { waitId, isOver, timeoutMs });
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
