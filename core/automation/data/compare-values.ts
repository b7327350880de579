import { invalid, shown } from './item-values.js';

type Comparable = number | string | boolean;

/** What values can be put in an order by. Throws `validation` for objects, lists, and several types side by side. */
export function comparables(values: readonly unknown[], field: string): (Comparable | null)[] {
  let type: string | undefined;
  return values.map((value, index) => {
    if (value === null || value === undefined) return null;
    if (typeof value !== 'number' && typeof value !== 'string' && typeof value !== 'boolean') {
      throw invalid(
        field,
        `must be a number, text or truth of each item, but is ${shown(value)} of item ${index}`,
      );
    }
    type ??= typeof value;
    if (typeof value === type) return value;
    throw invalid(field, `must be of one type for all items, but is ${shown(value)} of item ${index}`);
  });
}

/** Ascending: numbers by size, texts by their UTF-16 units, so that ISO 8601 dates are in order of time. */
export function compareValues(left: Comparable, right: Comparable): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
