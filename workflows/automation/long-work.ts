import { stepsSpent } from '#core/expression/meter.js';

/** Steps of evaluation, about a tenth of a second, after which the workflow lets an activity do the next. */
const maxSteps = 500_000;

// State of one workflow: each workflow evaluates this module anew. Those of core/ are shared, and so is their count.
let steps = 0;

/** Evaluates in the workflow, and counts what that takes. */
export function evaluateHere<Result>(work: () => Result): Result {
  const before = stepsSpent();
  try {
    return work();
  } finally {
    steps += stepsSpent() - before;
  }
}

/**
 * True if evaluations have kept the workflow busy for so long that the next one has to be done outside. A workflow that
 * does not pause for some seconds counts as stuck, and would be tried again and again. Begins to count anew then.
 */
export function isLongAtWork(): boolean {
  if (steps < maxSteps) return false;
  steps = 0;
  return true;
}
