import { jsonSize } from './packed-value.js';
import type { Progress, StepChange } from './run.js';

/** Bytes of steps in one portion. With what encryption adds, a payload of a history stays within 16 KB. */
const portionSize = 15 * 1024;

/**
 * The same progress in portions that are small enough for a history, to be written one after the other: answers with the
 * first, the ends of runs with the last, so that no step comes after them.
 */
export function portionsOf({ runs, steps, answers, ...common }: Progress): Progress[] {
  const lists: StepChange[][] = [];
  let left = 0;
  for (const step of steps) {
    const size = jsonSize(step);
    if (size > left) {
      lists.push([]);
      left = portionSize;
    }
    lists.at(-1)?.push(step);
    left -= size + 1;
  }
  if (lists.length === 0) lists.push([]);
  return lists.map((list, index) => ({
    ...common,
    runs: index === lists.length - 1 ? runs : [],
    steps: list,
    ...(index === 0 && answers && { answers }),
  }));
}
