import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { takeLine } from './take-line.js';
import { takeQuotaTurn } from './take-quota-turn.js';
import type { Turn } from './turn.js';

/** Notes which lines may move because of these runs: they have ended, or their time has come. */
export async function touchLines(
  transaction: Transaction,
  turn: Turn,
  runIds: readonly string[],
): Promise<void> {
  if (runIds.length === 0) return;
  const ids = sql.param([...runIds]);
  await transaction.execute(sql`
    UPDATE runs SET held_until = NULL, held_for = CASE
      WHEN line IS NULL THEN 'quota' WHEN line LIKE 'throttle %' THEN 'throttle' ELSE 'concurrency' END
    WHERE id = ANY(${ids}::uuid[]) AND status = 'queued'
      AND (held_for = 'debounce' AND held_until <= clock_timestamp() OR held_for = 'paused')`);
  const rows = await transaction.execute<{ automation_id: string; line: string | null }>(sql`
    SELECT DISTINCT automation_id, line FROM runs WHERE id = ANY(${ids}::uuid[])`);
  for (const { automation_id, line } of rows) turn.touch(automation_id, line);
}

/** Lets start what may, in the lines that were touched and in that of the organization. */
export async function takeTurns(transaction: Transaction, turn: Turn): Promise<void> {
  for (const line of turn.lines.values()) await takeLine(transaction, turn, line);
  if (turn.quota.hasLine) await takeQuotaTurn(transaction, turn);
}
