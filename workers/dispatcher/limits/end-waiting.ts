import { sql } from 'drizzle-orm';
import type { ErrorRecord } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { answerRunWaits } from '#runtime/waits/answer-run-waits.js';
import type { Turn } from './turn.js';

/** Ends runs that wait for their turn and shall not have one. */
export async function endWaiting(
  transaction: Transaction,
  turn: Turn,
  { ids, error }: { ids: readonly string[]; error: ErrorRecord },
): Promise<void> {
  if (ids.length === 0) return;
  const ended = await transaction.execute<{ id: string }>(sql`
    UPDATE runs SET status = 'cancelled', finished_at = now(), error = ${JSON.stringify(error)}::text::jsonb
    WHERE id = ANY(${sql.param([...ids])}::uuid[]) AND status = 'queued' AND held_for IS NOT NULL
    RETURNING id`);
  const endedIds = ended.map(({ id }) => id);
  turn.endedIds.push(...endedIds);
  await answerRunWaits(transaction, turn.orgId, endedIds);
}
