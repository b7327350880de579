import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import type { Quota } from '#runtime/limits/quota.js';

/** Runs of an automation that wait for each other. */
export interface Line {
  automationId: string;
  line: string;
}

/** A run whose workflow has to be asked to end it. */
export interface CancelRequest {
  orgId: string;
  runId: string;
  workflowId: string;
}

/** One look at the limits of an organization, within one transaction, and what came of it. */
export interface Turn {
  orgId: string;
  quota: Quota;
  /** Lines that may move. */
  lines: Map<string, Line>;
  /** Runs that may start, and are no longer held. */
  releasedIds: string[];
  /** Runs that ended while they waited. */
  endedIds: string[];
  cancels: CancelRequest[];
  /** Milliseconds until the earliest of the further looks that were queued. */
  nextInMs: number;
  /** Has a line looked at; without a line, those that wait for the organization's room. */
  touch(automationId: string, line: string | null): void;
  /** Queues a further look for the run's line. `dueInMs` from now is `due`, ISO 8601. */
  lookAgain(transaction: Transaction, runId: string, due: string, dueInMs: number): Promise<void>;
}

/** Begins a look. The organization's limits have to be locked. */
export function createTurn(orgId: string, quota: Quota): Turn {
  const turn: Turn = {
    orgId,
    quota,
    lines: new Map(),
    releasedIds: [],
    endedIds: [],
    cancels: [],
    nextInMs: Number.POSITIVE_INFINITY,
    touch(automationId, line) {
      if (line === null) quota.hasLine = true;
      else turn.lines.set(`${automationId} ${line}`, { automationId, line });
    },
    async lookAgain(transaction, runId, due, dueInMs) {
      turn.nextInMs = Math.min(turn.nextInMs, dueInMs);
      await transaction.execute(sql`
        INSERT INTO dispatch_queue (org_id, kind, source_id, available_at)
        VALUES (${orgId}, 'turn', ${runId}, ${due}::timestamptz)`);
    },
  };
  return turn;
}
