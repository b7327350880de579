import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';

/**
 * Until the transaction ends, no day of the organization is closed while a call is written down (`shared`), and no call
 * is written down while a day is closed.
 */
export async function lockUsage(
  transaction: Transaction,
  orgId: string,
  mode: 'shared' | 'exclusive',
): Promise<void> {
  const key = sql`hashtextextended(${`ai-usage:${orgId}`}, 0)`;
  await transaction.execute(
    mode === 'shared'
      ? sql`SELECT pg_advisory_xact_lock_shared(${key})`
      : sql`SELECT pg_advisory_xact_lock(${key})`,
  );
}
