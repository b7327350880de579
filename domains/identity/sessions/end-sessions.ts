import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { enterUser } from '../person-context.js';

/** Ends all sessions of a person, in all of their organizations, but one that may go on. Returns how many ended. */
export async function endSessions(
  transaction: Transaction,
  userId: string,
  { reason, except }: { reason: 'revoked' | 'password'; except?: string | undefined },
): Promise<number> {
  await enterUser(transaction, userId);
  const [row] = await transaction.execute<{ ended: number }>(
    sql`SELECT end_sessions(${userId}, ${reason}, ${except ?? null}::uuid) AS ended`,
  );
  return row?.ended ?? 0;
}
