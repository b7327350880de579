import { CancellationScope, isCancellation, workflowInfo } from '@temporalio/workflow';
import { isReference, type PackedValue } from '#core/automation/packed-value.js';
import { defaultHandle, type PlanNode } from '#core/automation/plan.js';
import type { WaitEnd, WaitOpening } from '#core/automation/wait.js';
import { parseDuration } from '#core/duration.js';
import { closeWait, noticeApproval, openWait } from './activities.js';
import { approvalNotices, type DueNotice, noticesFrom, type PlannedNotice } from './approval-notices.js';
import { inlineOf, invalid } from './evaluated.js';
import { passTime } from './leaving.js';
import type { RunState } from './run-state.js';

type NodeOf<Type extends PlanNode['type']> = Extract<PlanNode, { type: Type }>;

/** Longest that a `wait` node may wait. */
const maxWaitMs = 365 * 86_400_000;

/** Waits for a time, or for an event. */
export async function executeWait(state: RunState, node: NodeOf<'wait'>): Promise<string> {
  if (node.event !== undefined) return waitForEvent(state, node, node.event);
  const until = state.taken(node, 'wait')?.until ?? (await endOfWaiting(state, node));
  await beginWaiting(state, node);
  await state.leavingBehind(
    node,
    () => ({ kind: 'wait', until }),
    () => passTime(until),
  );
  endWaiting(state, node, {});
  return defaultHandle;
}

/** Asks people, and goes on with their decision. */
export async function executeApproval(state: RunState, node: NodeOf<'approval'>): Promise<string> {
  const asked = inlineOf(await state.evaluate(node, { title: node.title, message: node.message }));
  const { title, message } = (asked ?? {}) as { title?: unknown; message?: unknown };
  if (typeof title !== 'string') throw invalid('input.title', 'must be a text');
  const { approvers, fields } = node;
  const request = { title, message: typeof message === 'string' ? message : null, approvers, fields };
  const asks = { kind: 'approval', request } as const;
  const { status, answer } = await awaitAnswer(state, node, asks, approvalNotices(node));
  endWaiting(state, node, { output: status === 'answered' ? answer : { inline: null } });
  if (status !== 'answered') return 'timeout';
  return isReference(answer) ? 'approved' : decisionOf(answer.inline);
}

async function waitForEvent(state: RunState, node: NodeOf<'wait'>, event: string): Promise<string> {
  const match = inlineOf(await state.evaluate(node, node.match));
  if (typeof match !== 'object' || match === null) throw invalid('input.match', 'is too large');
  const asks = { kind: 'event', event, match: { ...match } } as const;
  const { status, answer } = await awaitAnswer(state, node, asks);
  endWaiting(state, node, { output: status === 'answered' ? answer : { inline: null } });
  return status === 'answered' ? defaultHandle : 'timeout';
}

/** Tells the database what is waited for, and waits until it wakes this workflow. */
async function awaitAnswer(
  state: RunState,
  node: NodeOf<'wait' | 'approval'>,
  asks: WaitOpening['asks'],
  notices: readonly PlannedNotice[] = [],
): Promise<WaitEnd> {
  const { orgId, automationId } = state.group;
  const { runId, depth, attempt = 1 } = state.start;
  const { timeoutMs } = node;
  const ends = timeoutMs === undefined ? null : Date.now() + timeoutMs;
  const left = state.taken(node, 'wait');
  const until = left ? left.until : ends;
  const { waitId, isOver } = await openWait({
    orgId,
    automationId,
    runId,
    nodeId: node.id,
    iteration: state.iteration,
    attempt,
    depth,
    workflowId: workflowInfo().workflowId,
    expiresAt: until,
    asks,
  });
  const asked = left?.askedAt ?? Date.now();
  return state.leavingBehind(
    node,
    () => ({ kind: 'wait', until, askedAt: asked }),
    () => untilAnswered(state, node, { waitId, isOver, until, notices: noticesFrom(asked, notices) }),
  );
}

interface Awaited {
  waitId: string;
  /** There is nothing more to wait for. */
  isOver: boolean;
  /** When there is nothing more to wait for; null: at no time. */
  until: number | null;
  /** What is told meanwhile, in the order of time. */
  notices?: readonly DueNotice[];
}

/**
 * Waits until the database wakes this workflow, or until a moment. When the workflow leaves, the wait stays open.
 */
export async function untilAnswered(
  state: RunState,
  node: PlanNode,
  { waitId, isOver, until, notices = [] }: Awaited,
): Promise<WaitEnd> {
  const { orgId } = state.group;
  try {
    if (!isOver) {
      // Whoever sees the run wait can count on it to listen.
      await beginWaiting(state, node);
      await wakeOrTimeout(state, { waitId, until, notices });
    }
    return await closeWait({ orgId, waitId, as: 'expired' });
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(() => closeWait({ orgId, waitId, as: 'cancelled' }));
    throw error;
  }
}

async function wakeOrTimeout(
  { group: { orgId }, wakes }: RunState,
  { waitId, until, notices }: Required<Omit<Awaited, 'isOver'>>,
): Promise<void> {
  for (const { at, notice } of notices) {
    if (await wakes.answered(waitId, at)) return;
    await noticeApproval({ orgId, waitId, notice });
  }
  await wakes.answered(waitId, until);
}

async function beginWaiting(state: RunState, node: PlanNode): Promise<void> {
  const { runId, depth } = state.start;
  state.begin(node, 'waiting');
  state.recorder.run({ runId, depth, status: 'waiting', at: Date.now() });
  await state.recorder.written();
}

function endWaiting(state: RunState, node: PlanNode, details: { output?: PackedValue }): void {
  const { runId, depth } = state.start;
  state.end(node, 'succeeded', details);
  state.recorder.run({ runId, depth, status: 'running', at: Date.now() });
}

function decisionOf(answer: unknown): string {
  const decision =
    typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'decision') : undefined;
  return decision === 'approved' ? 'approved' : 'rejected';
}

/** When the wait is over, in milliseconds since 1970. */
async function endOfWaiting(state: RunState, node: NodeOf<'wait'>): Promise<number> {
  const isUntil = node.until !== undefined;
  const text = inlineOf(await state.evaluate(node, isUntil ? node.until : node.duration));
  const moment = typeof text === 'string' && isUntil ? Date.parse(text) : Number.NaN;
  const durationMs = isUntil
    ? Math.max(0, moment - Date.now())
    : typeof text === 'string'
      ? (parseDuration(text) ?? Number.NaN)
      : Number.NaN;
  if (durationMs <= maxWaitMs) return Date.now() + durationMs;
  const shown = JSON.stringify(text)?.slice(0, 100);
  if (isUntil) {
    throw invalid(
      'input.until',
      `must be a moment such as 2030-01-31T09:00:00Z within a year, but is ${shown}`,
    );
  }
  throw invalid('input.duration', `must be a duration such as 30s, 5m or 2h, but is ${shown}`);
}
