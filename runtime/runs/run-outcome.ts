import { eq } from 'drizzle-orm';
import type { RunAnswer } from '#core/automation/run.js';
import type { Database, Transaction } from '#db/client.js';
import { runs } from '#db/schema/index.js';
import type { Files } from '../files/files.js';
import { type Hub, hubTopic } from '../hub/hub.js';
import { StoredValue, unpackValue } from '../packing.js';
import { pause } from '../pause.js';

/** What somebody who waits for a run is told. */
export type RunOutcome =
  | { kind: 'answered'; status: number; headers: RunAnswer['headers']; hasBody: boolean; body: unknown }
  /** It ended without an answer. `result`: null if it has none. */
  | { kind: 'ended'; status: 'succeeded' | 'failed' | 'cancelled'; result: unknown }
  /** Time is up, or nobody waits any more; the run goes on. */
  | { kind: 'unfinished' };

export interface RunWait {
  orgId: string;
  runId: string;
  timeoutMs: number;
  /** Aborted when nobody waits any more. */
  signal: AbortSignal;
}

/** Waits for the first answer of a run, or for its end. */
export type WaitForRun = (wait: RunWait) => Promise<RunOutcome>;

/** Longest time between two looks: a message of the hub may be lost. */
const pollMs = 2_000;

interface WaitServices {
  database: Pick<Database, 'withOrg'>;
  files: Files;
  hub: Pick<Hub, 'subscribe'>;
}

/**
 * The answer is kept in the run's row, and the hub only says when to look: whether it comes before or after the first
 * look, it is found.
 */
export function createWaitForRun({ database, files, hub }: WaitServices): WaitForRun {
  return async ({ orgId, runId, timeoutMs, signal }) => {
    const deadline = Date.now() + timeoutMs;
    let hasNews = false;
    let wake = () => {};
    const unsubscribe = hub.subscribe(hubTopic.run(orgId, runId), ({ type }) => {
      if (type !== 'run') return;
      hasNews = true;
      wake();
    });
    try {
      while (!signal.aborted) {
        hasNews = false;
        const outcome = await database.withOrg(orgId, (db) => readOutcome(db, files, orgId, runId));
        if (outcome) return outcome;
        const leftMs = deadline - Date.now();
        if (leftMs <= 0) break;
        if (!hasNews) await pause(Math.min(pollMs, leftMs), signal, (resume) => (wake = resume));
      }
      return { kind: 'unfinished' };
    } finally {
      unsubscribe();
    }
  };
}

async function readOutcome(
  db: Transaction,
  files: Files,
  orgId: string,
  runId: string,
): Promise<RunOutcome | undefined> {
  const [run] = await db
    .select({ status: runs.status, answer: runs.answer, result: runs.result })
    .from(runs)
    .where(eq(runs.id, runId));
  if (!run) return undefined;
  const store = files(orgId, db);
  if (run.answer) {
    const { status, headers, body } = run.answer;
    const hasBody = body !== null;
    return {
      kind: 'answered',
      status,
      headers,
      hasBody,
      body: hasBody ? await unpackValue(store, body) : null,
    };
  }
  const { status } = run;
  if (status !== 'succeeded' && status !== 'failed' && status !== 'cancelled') return undefined;
  const result = run.result === null ? null : await unpackValue(store, StoredValue.parse(run.result));
  return { kind: 'ended', status, result };
}
