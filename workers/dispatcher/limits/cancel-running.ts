import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { endWaiting } from './end-waiting.js';
import { hold } from './hold.js';
import type { Candidate } from './take-line.js';
import type { Line, Turn } from './turn.js';

/** When the workflow of a run that has to make room is asked again. */
const askAgainMs = 5_000;

/** Where the newest takes the place of older ones: ends those that wait without a chance. Returns the others. */
export async function endSuperseded(
  transaction: Transaction,
  turn: Turn,
  candidates: readonly Candidate[],
): Promise<Candidate[]> {
  const newest = candidates.at(-1);
  const { max = 1, onLimit } = newest?.limits?.concurrency ?? {};
  if (onLimit !== 'cancel_running') return [...candidates];
  await endWaiting(transaction, turn, {
    ids: candidates.slice(0, -max).map(({ id }) => id),
    error: { code: 'conflict', message: `Superseded by run ${newest?.id}, which came after it` },
  });
  return candidates.slice(-max);
}

/** Has the oldest under way asked to end, as many as wait, and asks again should that be lost. */
export async function makeRoom(
  transaction: Transaction,
  turn: Turn,
  { automationId, line }: Line,
  waiting: readonly Candidate[],
): Promise<void> {
  const oldest = await transaction.execute<{ id: string; workflow_id: string }>(sql`
    SELECT id, workflow_id FROM runs
    WHERE automation_id = ${automationId} AND line = ${line} AND held_for IS NULL
      AND status IN ('queued', 'running', 'waiting')
    ORDER BY released_at, id LIMIT ${waiting.length}`);
  turn.cancels.push(
    ...oldest.map(({ id, workflow_id }) => ({ orgId: turn.orgId, runId: id, workflowId: workflow_id })),
  );
  const [first] = waiting;
  if (first) await hold(transaction, turn, { id: first.id, reason: 'concurrency', dueInMs: askAgainMs });
}
