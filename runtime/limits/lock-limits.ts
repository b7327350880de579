import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';

/**
 * Until the transaction ends, nobody else decides which of the organization's runs start. To be taken before any row of
 * a run is locked; of several organizations in the order of their ids.
 */
export async function lockLimits(transaction: Transaction, orgId: string): Promise<void> {
  await transaction.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`limits ${orgId}`}, 0))`);
}
