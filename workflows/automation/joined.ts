import { jsonSize, maxInlineSize, type PackedValue } from '#core/automation/packed-value.js';
import { areArgumentsKept, joinValues } from './activities.js';

/** One packed list of packed values. */
export async function joined(orgId: string, values: readonly PackedValue[]): Promise<PackedValue> {
  const portions = inPortions(values);
  if (portions.length <= 1) return joinValues({ orgId, values });
  const parts = await Promise.all(
    portions.map((portion) => joinValues({ orgId, values: portion, isPart: true })),
  );
  const lists = await joinedLists(orgId, parts);
  return joinValues({ orgId, values: lists, areLists: true });
}

/** As few lists as travel together with the same items in the same order. */
export async function joinedLists(orgId: string, lists: readonly PackedValue[]): Promise<PackedValue[]> {
  const portions = inPortions(lists);
  if (portions.length <= 1) return [...lists];
  const parts = await Promise.all(
    portions.map((portion) => joinValues({ orgId, values: portion, areLists: true, isPart: true })),
  );
  return joinedLists(orgId, parts);
}

/** What an activity is given is kept in the history, unless it is a local one; there it may be large. */
function inPortions(values: readonly PackedValue[]): PackedValue[][] {
  if (!areArgumentsKept()) return [[...values]];
  const portions: PackedValue[][] = [];
  let left = 0;
  for (const value of values) {
    const size = jsonSize(value);
    if (size > left) {
      portions.push([]);
      left = maxInlineSize;
    }
    portions.at(-1)?.push(value);
    left -= size;
  }
  return portions;
}
