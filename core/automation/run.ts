import type { ErrorRecord } from '../errors.js';
import type { Checkpoint } from './checkpoint.js';
import type { PackedValue } from './packed-value.js';
import type { Plan } from './plan.js';

/** What a workflow that carries runs is started with, besides the runs themselves. */
export interface RunGroup {
  orgId: string;
  automationId: string;
  version: number;
  grantId: string;
  /** The plan itself, or of how many parts it is: one that is too large to travel with the start is loaded in parts. */
  plan: Plan | { parts: number };
  /** Events after which the workflow goes on as a new one, where it is not the usual number. */
  historyLimit?: number;
}

/** One run of the group. */
export interface RunStart {
  runId: string;
  /** How many automations stand between this run and the outside event that began the chain. */
  depth: number;
  /** The parts of the trigger that the plan reads. */
  trigger: PackedValue;
  /** The variables that the plan reads, by name, as they were at the start; absent where it reads none. */
  vars?: PackedValue;
  /** Set from the second on: what settled in earlier attempts is taken over. */
  attempt?: number;
  /** Set when the workflow goes on as a new one: what was under way. */
  left?: Checkpoint;
}

/** A step that an earlier attempt of the run has settled, or the workflow that this one goes on from. */
export interface SettledStep {
  nodeId: string;
  status: 'succeeded' | 'failed' | 'skipped' | 'cancelled';
  output: PackedValue;
  error: ErrorRecord | null;
  /** Milliseconds since 1970. */
  startedAt: number;
}

export type FinalStatus = 'succeeded' | 'failed' | 'cancelled';
export type StepStatus = 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled' | 'skipped';

/** Which pass through the loops around a step: empty outside of loops, `3` in the fourth item, `3/0` within a loop in it. */
export type Iteration = string;

/** A change of a run's state, to be written. Times are milliseconds since 1970. */
export interface RunChange {
  runId: string;
  depth: number;
  status: 'running' | 'waiting' | FinalStatus;
  at: number;
  result?: PackedValue;
  error?: ErrorRecord & { node?: string };
}

/** What became of a step that ran inside the workflow. */
export interface StepChange {
  runId: string;
  nodeId: string;
  iteration: Iteration;
  status: StepStatus;
  startedAt: number | null;
  finishedAt: number | null;
  output?: PackedValue;
  error?: ErrorRecord;
  /** It was not performed: its output was given before the run. */
  pinned?: true;
}

/** What a run answers to whoever waits for it. */
export interface RunAnswer {
  /** HTTP status, 200 to 599. */
  status: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  /** Null: no body. */
  body: PackedValue | null;
}

/** The answer of one run; a run's first is the one that counts. */
export interface AnswerChange {
  runId: string;
  answer: RunAnswer;
}

/** What happened inside a workflow since the last write. */
export interface Progress {
  orgId: string;
  automationId: string;
  runs: readonly RunChange[];
  steps: readonly StepChange[];
  answers?: readonly AnswerChange[];
  /** Of the runs, where it is not their first. */
  attempt?: number;
}

/** Name of the workflow's Update that cancels one of its runs. */
export const cancelRunUpdate = 'cancelRun';
