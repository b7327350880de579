import { jsonSize, maxInlineSize } from './packed-value.js';
import type { Progress } from './run.js';

/**
 * Values in their order, as many together as one payload of a history holds: with what encryption adds it stays within
 * 16 KB. One that is larger is alone.
 */
export function inPortions<Value>(values: readonly Value[]): Value[][] {
  const portions: Value[][] = [];
  let left = 0;
  for (const value of values) {
    const size = jsonSize(value);
    if (size > left) {
      portions.push([]);
      left = maxInlineSize;
    }
    portions.at(-1)?.push(value);
    // And a comma.
    left -= size + 1;
  }
  return portions;
}

/**
 * The same progress in portions that are small enough for a history, to be written one after the other: answers with the
 * first, the ends of runs with the last, so that no step comes after them.
 */
export function portionsOf({ runs, steps, answers, ...common }: Progress): Progress[] {
  const portions = inPortions(steps);
  const lists = portions.length > 0 ? portions : [[]];
  return lists.map((list, index) => ({
    ...common,
    runs: index === lists.length - 1 ? runs : [],
    steps: list,
    ...(index === 0 && answers && { answers }),
  }));
}
