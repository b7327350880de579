import type { PackedValue } from './packed-value.js';

/**
 * What a run takes along when its workflow goes on as a new one, besides what its steps in the database tell. Ids, counts
 * and moments; data by reference only. Moments are milliseconds since 1970.
 */
export interface Checkpoint {
  /** ISO 8601. */
  startedAt: string;
  /** When the run has taken too long; null: it may take any time. */
  deadline: number | null;
  /** It was to be cancelled while the workflow was leaving. */
  isCancelled: boolean;
  /** Steps under way, by `placeOf`. */
  steps: Readonly<Record<string, StepLeft>>;
}

/** A step that was under way. */
export type StepLeft =
  /** A wait for a time, an event or people. `until`: when it is over; null: it has no end. `askedAt`: when it began. */
  | { kind: 'wait'; until: number | null; askedAt?: number }
  /** A subflow that is waited for, at this try. */
  | { kind: 'call'; tried: number; until: number | null; runId: string; attempt: number }
  /** The pass under way. */
  | { kind: 'while'; index: number }
  /** The windows that are done, where the next begins, and how far that has come. */
  | { kind: 'loop'; from: number; done: readonly WindowOutcome[]; window: WindowLeft | null };

/** A window of a loop that was under way: all before `next` is done or under way. */
export interface WindowLeft {
  next: number;
  underWay: readonly number[];
  /** In order; what is between them is under way. */
  parts: readonly WindowPart[];
}

/** Neighbouring items that are done. */
export interface WindowPart {
  from: number;
  outcome: WindowOutcome;
}

/** What came of some of a loop's items. */
export interface WindowOutcome {
  succeeded: number;
  failed: number;
  /** A list; null when the loop has no result for its items. */
  results: PackedValue | null;
  /** A list of `{ index, error }`. */
  errors: PackedValue;
}

/** Where a step stands in a run: its node, and the pass through the loops around it. */
export function placeOf(nodeId: string, iteration: string): string {
  return `${nodeId}@${iteration}`;
}
