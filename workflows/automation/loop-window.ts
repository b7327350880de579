import { CancellationScope } from '@temporalio/workflow';
import { bodyHandle } from '#core/automation/loops.js';
import { jsonSize, maxInlineSize, type PackedValue } from '#core/automation/packed-value.js';
import type { PlanNode } from '#core/automation/plan.js';
import type { ErrorRecord } from '#core/errors.js';
import { joinValues } from './activities.js';
import { StepFailure } from './failures.js';
import type { Items } from './items.js';
import type { RunState } from './run-state.js';

export type LoopNode = Extract<PlanNode, { type: 'loop' }>;

/** Some of a loop's items. */
export interface Window {
  items: Items;
  from: number;
  /** Not included. */
  to: number;
}

export interface WindowOutcome {
  succeeded: number;
  failed: number;
  /** A list; null when the loop has no result for its items. */
  results: PackedValue | null;
  /** A list of `{ index, error }`. */
  errors: PackedValue;
}

interface ItemFailure {
  index: number;
  error: ErrorRecord & { node?: string };
}

/** Works through a window, as many items at a time as the loop allows. Rejects when the loop stops at an error. */
export async function runWindow(state: RunState, node: LoopNode, window: Window): Promise<WindowOutcome> {
  const results = new Map<number, PackedValue>();
  const failures: ItemFailure[] = [];
  let next = window.from;
  const scope = new CancellationScope();

  async function lane(): Promise<void> {
    while (next < window.to) {
      const index = next;
      next += 1;
      try {
        const result = await runPass(state, node, { index, item: await window.items.get(index) });
        if (result) results.set(index, result);
      } catch (error) {
        if (!(error instanceof StepFailure) || node.onItemError === 'stop') throw error;
        failures.push({ index, error: { ...error.record, ...(error.nodeId && { node: error.nodeId }) } });
      }
    }
  }

  const lanes = Math.min(node.concurrency, window.to - window.from);
  await scope.run(async () => {
    const working = Array.from({ length: lanes }, lane);
    try {
      await Promise.all(working);
    } catch (error) {
      // The others shall have ended, and said so, before the loop does.
      scope.cancel();
      await Promise.allSettled(working);
      throw error;
    }
  });

  failures.sort((a, b) => a.index - b.index);
  const { orgId } = state.group;
  const ordered = [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
  const listed = node.onItemError === 'collect' ? failures : [];
  return {
    succeeded: window.to - window.from - failures.length,
    failed: failures.length,
    results: node.result === undefined ? null : await listOf(orgId, ordered),
    errors: await listOf(
      orgId,
      listed.map((failure) => ({ inline: failure })),
    ),
  };
}

async function runPass(
  state: RunState,
  node: LoopNode,
  pass: { index: number; item: PackedValue },
): Promise<PackedValue | undefined> {
  const inner = state.within(node, pass);
  try {
    await inner.walk(inner, node.body, { source: node.id, handle: bodyHandle });
    return node.result === undefined ? undefined : await inner.evaluate(node, node.result, node.bodyReads);
  } catch (error) {
    inner.recordUntouched('failed');
    throw error;
  }
}

/** One packed list of packed values. */
async function listOf(orgId: string, values: readonly PackedValue[]): Promise<PackedValue> {
  const inline = values.flatMap((value) => ('inline' in value ? [value.inline] : []));
  const isSmall = inline.length === values.length && jsonSize(inline) <= maxInlineSize;
  return isSmall ? { inline } : joinValues({ orgId, values });
}
