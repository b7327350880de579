import { CancellationScope } from '@temporalio/workflow';
import type { WindowLeft, WindowOutcome, WindowPart } from '#core/automation/checkpoint.js';
import { bodyHandle } from '#core/automation/loops.js';
import { jsonSize, maxInlineSize, type PackedValue } from '#core/automation/packed-value.js';
import type { PlanNode } from '#core/automation/plan.js';
import type { ErrorRecord } from '#core/errors.js';
import { StepFailure } from './failures.js';
import type { Items } from './items.js';
import { joined } from './joined.js';
import { Leaving } from './leaving.js';
import { type Pass, passOf, type RunState } from './run-state.js';
import { settledInPass } from './take-up.js';

export type LoopNode = Extract<PlanNode, { type: 'loop' }>;

/** Some of a loop's items. */
export interface Window {
  items: Items;
  from: number;
  /** Not included. */
  to: number;
}

interface ItemFailure {
  index: number;
  error: ErrorRecord & { node?: string };
}

/** How far a window has come. */
interface Progress {
  results: Map<number, PackedValue>;
  failures: Map<number, ItemFailure>;
  underWay: Set<number>;
  next: number;
}

/**
 * Works through a window, as many items at a time as the loop allows. Returns what came of its items, in order and in one
 * or more parts. Rejects when the loop stops at an error. When the workflow leaves, `onLeave` gets how far it has come.
 */
export async function runWindow(
  state: RunState,
  node: LoopNode,
  window: Window,
  onLeave: (left: WindowLeft) => void,
  left?: WindowLeft,
): Promise<WindowOutcome[]> {
  const earlier = left?.parts ?? [];
  const again = [...(left?.underWay ?? [])];
  const progress: Progress = {
    results: new Map(),
    failures: new Map(),
    underWay: new Set(again),
    next: left?.next ?? window.from,
  };
  const scope = new CancellationScope();

  function take(): { index: number; isTaken: boolean } | undefined {
    const index = again.shift();
    if (index !== undefined) return { index, isTaken: true };
    if (progress.next >= window.to) return undefined;
    progress.next += 1;
    progress.underWay.add(progress.next - 1);
    return { index: progress.next - 1, isTaken: false };
  }

  async function lane(): Promise<void> {
    for (let turn = take(); turn; turn = take()) {
      const { index, isTaken } = turn;
      try {
        const item = await window.items.get(index);
        const settled = isTaken && (await settledInPass(state, passOf(state.iteration, index)));
        const result = await runPass(state, node, { index, item, ...(settled && { settled }) });
        if (result) progress.results.set(index, result);
      } catch (error) {
        if (!(error instanceof StepFailure) || node.onItemError === 'stop') throw error;
        const failure = { ...error.record, ...(error.nodeId && { node: error.nodeId }) };
        progress.failures.set(index, { index, error: failure });
      }
      progress.underWay.delete(index);
    }
  }

  const lanes = Math.min(node.concurrency, window.to - progress.next + again.length);
  try {
    await scope.run(async () => {
      const working = Array.from({ length: lanes }, lane);
      try {
        await Promise.all(working);
      } catch (error) {
        const ends = error instanceof Leaving ? await Promise.allSettled(working) : [];
        const other = ends.find((end) => end.status === 'rejected' && !(end.reason instanceof Leaving));
        if (error instanceof Leaving && !other) throw error;
        // The others shall have ended, and said so, before the loop does.
        scope.cancel();
        await Promise.allSettled(working);
        throw other?.status === 'rejected' ? other.reason : error;
      }
    });
  } catch (error) {
    if (error instanceof Leaving) {
      const parts = await partsOf(state, node, { earlier, from: window.from, progress });
      onLeave({ next: progress.next, underWay: [...progress.underWay].sort((a, b) => a - b), parts });
    }
    throw error;
  }
  const parts = await partsOf(state, node, { earlier, from: window.from, progress });
  return parts.map(({ outcome }) => outcome);
}

/** What is done of a window, in order: what was known of it, and between that what has been added. */
async function partsOf(
  state: RunState,
  node: LoopNode,
  { earlier, from, progress }: { earlier: readonly WindowPart[]; from: number; progress: Progress },
): Promise<WindowPart[]> {
  const known = new Map(earlier.map((part) => [part.from, part]));
  const parts: WindowPart[] = [];
  let fresh: number[] = [];
  const close = async () => {
    const [first] = fresh;
    if (first !== undefined)
      parts.push({ from: first, outcome: await outcomeOf(state, node, fresh, progress) });
    fresh = [];
  };
  for (let index = from; index < progress.next; ) {
    const part = known.get(index);
    const isGap = progress.underWay.has(index);
    if (part || isGap) await close();
    if (part) parts.push(part);
    if (!part && !isGap) fresh.push(index);
    index += part ? part.outcome.succeeded + part.outcome.failed : 1;
  }
  await close();
  return parts;
}

async function outcomeOf(
  { group }: RunState,
  node: LoopNode,
  indexes: readonly number[],
  { results, failures }: Progress,
): Promise<WindowOutcome> {
  const failed = indexes.flatMap((index) => failures.get(index) ?? []);
  const ordered = indexes.flatMap((index) => results.get(index) ?? []);
  const listed = node.onItemError === 'collect' ? failed : [];
  return {
    succeeded: indexes.length - failed.length,
    failed: failed.length,
    results: node.result === undefined ? null : await listOf(group.orgId, ordered),
    errors: await listOf(
      group.orgId,
      listed.map((failure) => ({ inline: failure })),
    ),
  };
}

async function runPass(state: RunState, node: LoopNode, pass: Pass): Promise<PackedValue | undefined> {
  const inner = state.within(node, pass);
  try {
    await inner.walk(inner, node.body, { source: node.id, handle: bodyHandle });
    return node.result === undefined ? undefined : await inner.evaluate(node, node.result, node.bodyReads);
  } catch (error) {
    if (!(error instanceof Leaving)) inner.recordUntouched('failed');
    throw error;
  }
}

/** One packed list of packed values. */
async function listOf(orgId: string, values: readonly PackedValue[]): Promise<PackedValue> {
  const inline = values.flatMap((value) => ('inline' in value ? [value.inline] : []));
  const isSmall = inline.length === values.length && jsonSize(inline) <= maxInlineSize;
  return isSmall ? { inline } : joined(orgId, values);
}
