/** A piece of what a model is saying in a run. */
export interface SaidPart {
  /** The step that says it. */
  step: number;
  /** Counts its tries; what an earlier one said is void. */
  attempt: number;
  text: string;
}

/** A piece as it is read, with its place in the order. */
export interface PlacedPart extends SaidPart {
  /** `after` of the next read. */
  place: string;
}

/**
 * What models are saying at this moment, for those who watch. It is kept for minutes: what was said is in the run's messages once
 * it is whole. Best effort: nothing is thrown for a part that is lost.
 */
export interface TextStreams {
  /** Adds a piece, and wakes those who watch the run. */
  add(orgId: string, runId: string, part: SaidPart): void;
  /** What came after a place; all that is kept without one. */
  read(orgId: string, runId: string, after: string | undefined): Promise<PlacedPart[]>;
  close(): Promise<void>;
}

/** Where there is nothing to keep them in, runs show whole messages only. */
export const noTextStreams: TextStreams = {
  add: () => {},
  read: async () => [],
  close: async () => {},
};
