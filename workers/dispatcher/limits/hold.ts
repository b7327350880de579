import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import type { Turn } from './turn.js';

interface Held {
  id: string;
  reason: 'throttle' | 'concurrency' | 'quota' | 'paused';
  /** When to look again; not given where the end of another run brings that about. */
  dueInMs?: number;
}

/** Notes why a run waits, and has its line looked at again in time: once, however often it is held. */
export async function hold(
  transaction: Transaction,
  turn: Turn,
  { id, reason, dueInMs }: Held,
): Promise<void> {
  const [row] = await transaction.execute<{ due: string | null }>(sql`
    UPDATE runs SET
      held_for = ${reason},
      held_until = CASE WHEN held_for = ${reason} AND held_until > clock_timestamp() THEN held_until
        ELSE clock_timestamp() + ${dueInMs ?? null}::float8 * interval '1 millisecond' END
    FROM (SELECT held_for AS reason, held_until AS until FROM runs WHERE id = ${id}) AS before
    WHERE id = ${id} AND status = 'queued' AND held_for IS NOT NULL
    RETURNING CASE WHEN held_until IS DISTINCT FROM before.until THEN held_until::text END AS due`);
  if (row?.due && dueInMs !== undefined) await turn.lookAgain(transaction, id, row.due, dueInMs);
}
