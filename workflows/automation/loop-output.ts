import type { WindowLeft, WindowOutcome } from '#core/automation/checkpoint.js';
import { jsonSize, maxInlineSize, type PackedValue } from '#core/automation/packed-value.js';
import { composeLoopOutput, storeValue } from './activities.js';
import { joinedLists } from './joined.js';
import type { LoopNode } from './loop-window.js';
import type { RunState } from './run-state.js';

/** The output of a loop: `{ count, succeeded, failed, results, errors }`. */
export async function loopOutput(
  state: RunState,
  node: LoopNode,
  count: number,
  windows: readonly WindowOutcome[],
): Promise<PackedValue> {
  const succeeded = windows.reduce((sum, window) => sum + window.succeeded, 0);
  const failed = windows.reduce((sum, window) => sum + window.failed, 0);
  const results = windows.flatMap((window) => window.results ?? []);
  const errors = windows.map((window) => window.errors);
  const lists = [results, errors].map(inlineLists);
  const [listedResults, listedErrors] = lists;
  if (listedResults && listedErrors) {
    const output = {
      count,
      succeeded,
      failed,
      results: node.result === undefined ? null : listedResults,
      errors: listedErrors,
    };
    if (jsonSize(output) <= maxInlineSize) return { inline: output };
  }
  const { orgId } = state.group;
  const known = node.result === undefined ? null : await joinedLists(orgId, results);
  const collected = await joinedLists(orgId, errors);
  return composeLoopOutput({ orgId, count, succeeded, failed, results: known, errors: collected });
}

/** The items of all lists; undefined if one is not at hand. */
function inlineLists(lists: readonly PackedValue[]): unknown[] | undefined {
  const items: unknown[] = [];
  for (const list of lists) {
    if (!('inline' in list) || !Array.isArray(list.inline)) return undefined;
    items.push(...list.inline);
  }
  return items;
}

/** Bytes of a list that travels with a checkpoint. */
const maxTravelling = 200;

/** What is done of a loop, with its lists by reference, so that what travels does not grow with them. */
export async function lightLoop(
  orgId: string,
  done: readonly WindowOutcome[],
  window: WindowLeft | null,
): Promise<{ done: WindowOutcome[]; window: WindowLeft | null }> {
  const light = async (list: PackedValue): Promise<PackedValue> =>
    'inline' in list && jsonSize(list.inline) > maxTravelling
      ? storeValue({ orgId, value: list.inline })
      : list;
  const lightened = async (outcome: WindowOutcome): Promise<WindowOutcome> => ({
    ...outcome,
    results: outcome.results && (await light(outcome.results)),
    errors: await light(outcome.errors),
  });
  const parts = (window?.parts ?? []).map(async (part) => ({
    ...part,
    outcome: await lightened(part.outcome),
  }));
  return {
    done: await Promise.all(done.map(lightened)),
    window: window && { ...window, parts: await Promise.all(parts) },
  };
}
