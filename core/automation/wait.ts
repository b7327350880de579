import type { ErrorRecord } from '../errors.js';
import type { ApprovalRequest } from './approval.js';
import type { PackedValue } from './packed-value.js';
import type { FinalStatus, Iteration } from './run.js';

/** A step that begins to wait for something that the database is told of. */
export interface WaitOpening {
  orgId: string;
  automationId: string;
  runId: string;
  nodeId: string;
  iteration: Iteration;
  attempt: number;
  depth: number;
  workflowId: string;
  /** Milliseconds since 1970; null: it has no end. */
  expiresAt: number | null;
  asks:
    | { kind: 'event'; event: string; match: Readonly<Record<string, unknown>> }
    | { kind: 'approval'; request: ApprovalRequest };
}

/** A step that begins to wait for the end of another run. `attempt` is that of the other run. */
export interface RunWaitOpening extends Omit<WaitOpening, 'asks'> {
  awaitedRunId: string;
}

/** How a run ended that a step had waited for. */
export interface AwaitedEnd {
  status: FinalStatus;
  error: ErrorRecord | null;
}

/** How a wait ended. */
export interface WaitEnd {
  status: 'answered' | 'expired' | 'cancelled';
  /** For an approval the decision, for an event the event, for a run its result. */
  answer: PackedValue;
  /** Of a wait for a run that was answered. */
  run?: AwaitedEnd;
}

/** Name of the signal that tells a workflow that a wait of it has been answered. Its argument is the wait's id. */
export const wakeSignal = 'wake';
