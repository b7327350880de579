/** What one evaluation may use; its parts share it. */
export interface Allowance {
  /** Rounds of macros, comparisons and the like: about 5 million a second. */
  steps: number;
  /** Size of what it gives, roughly in characters of JSON. */
  output: number;
}

/** An evaluation used more than it may. Not an EvaluationError: CEL's `||` and `exists` go on after those. */
export class AllowanceExceeded extends Error {
  override readonly name = 'AllowanceExceeded';
}

/** Enough for what fits into a run, and used up in well under 100 ms. */
export const templateAllowance: Allowance = { steps: 400_000, output: 32_000_000 };

/** UTF-16 units of text that count as one step. */
const unitsPerStep = 64;

let current: Allowance | undefined;
let spent = 0;

/** All steps that evaluations have taken so far, whoever they were for: the difference tells what some work took. */
export function stepsSpent(): number {
  return spent;
}

/** Does the work within an allowance; work within it counts towards the same. */
export function withAllowance<Result>(allowance: Allowance, work: () => Result): Result {
  if (current) return work();
  current = { ...allowance };
  try {
    return work();
  } finally {
    spent += allowance.steps - current.steps;
    current = undefined;
  }
}

/** Counts steps. Throws AllowanceExceeded when there are none left. */
export function spendSteps(steps: number): void {
  if (!current) return;
  current.steps -= steps;
  if (current.steps < 0) throw new AllowanceExceeded('takes too many steps');
}

/** Counts work on a text. */
export function spendText(length: number): void {
  spendSteps(1 + Math.floor(length / unitsPerStep));
}

/** Counts what is given. Throws AllowanceExceeded when it is too much. */
export function spendOutput(size: number): void {
  if (!current) return;
  current.output -= size;
  if (current.output < 0) throw new AllowanceExceeded('gives too large a value');
}
