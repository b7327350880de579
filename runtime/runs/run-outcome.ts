import { inArray } from 'drizzle-orm';
import type { RunAnswer } from '#core/automation/run.js';
import type { FileStore } from '#core/connector.js';
import type { Database, Transaction } from '#db/client.js';
import { runs } from '#db/schema/index.js';
import { createBatchers } from '../batching.js';
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
/** Most runs that one look is for. */
const maxLookedAt = 50;

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
  const read = createBatchers(
    (orgId, runIds: readonly string[]) =>
      database.withOrg(orgId, (db) => readOutcomes(db, files(orgId, db), runIds)),
    maxLookedAt,
  );

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
        const { outcome } = await read(orgId, runId);
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

/** Of each run, in their order; undefined while there is nothing to tell. */
async function readOutcomes(
  db: Transaction,
  files: FileStore,
  runIds: readonly string[],
): Promise<{ outcome: RunOutcome | undefined }[]> {
  const rows = await db
    .select({ id: runs.id, status: runs.status, answer: runs.answer, result: runs.result })
    .from(runs)
    .where(inArray(runs.id, [...runIds]));
  const outcomes = await Promise.all(rows.map(async (row) => [row.id, await outcomeOf(files, row)] as const));
  const known = new Map(outcomes);
  return runIds.map((id) => ({ outcome: known.get(id) }));
}

async function outcomeOf(
  files: FileStore,
  { status, answer, result }: Pick<typeof runs.$inferSelect, 'status' | 'answer' | 'result'>,
): Promise<RunOutcome | undefined> {
  if (answer) {
    const hasBody = answer.body !== null;
    return {
      kind: 'answered',
      status: answer.status,
      headers: answer.headers,
      hasBody,
      body: answer.body === null ? null : await unpackValue(files, answer.body),
    };
  }
  if (status !== 'succeeded' && status !== 'failed' && status !== 'cancelled') return undefined;
  const told = result === null ? null : await unpackValue(files, StoredValue.parse(result));
  return { kind: 'ended', status, result: told };
}
