import type { JoinRequest } from '#activities/automation-activities.js';
import type { PackedValue } from '#core/automation/packed-value.js';
import { inPortions } from '#core/automation/portions.js';
import { areArgumentsKept, joinValues } from './activities.js';

/** One packed list of packed values. */
export async function joined(orgId: string, values: readonly PackedValue[]): Promise<PackedValue> {
  const parts = await inParts({ orgId, values });
  if (!parts) return joinValues({ orgId, values });
  return joinValues({ orgId, values: await joinedLists(orgId, parts), areLists: true });
}

/** As few lists as travel together with the same items in the same order. */
export async function joinedLists(
  orgId: string,
  lists: readonly PackedValue[],
): Promise<readonly PackedValue[]> {
  const parts = await inParts({ orgId, values: lists, areLists: true });
  return parts ? joinedLists(orgId, parts) : lists;
}

/**
 * Lists by reference in place of values that do not travel together; undefined where they do. What an activity is given
 * may be large if it is not kept in the history.
 */
async function inParts(request: JoinRequest): Promise<PackedValue[] | undefined> {
  const portions = areArgumentsKept() ? inPortions(request.values) : [];
  if (portions.length <= 1) return undefined;
  return Promise.all(portions.map((values) => joinValues({ ...request, values, isPart: true })));
}
