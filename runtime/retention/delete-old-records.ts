import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';

const batchSize = 500;
/** How long it is known of a mail that it was sent, or given up. */
const mailDays = 90;
/** How long the same request with the same key gives the first result. Keys of runs stay as long as the run. */
const keyDays = 30;

/**
 * Deletes some of an organization's old mails that have ended, and results of requests that carried an idempotency key.
 * Returns how many rows. Call it until nothing was deleted.
 */
export async function deleteOldRecords(transaction: Transaction): Promise<number> {
  const mails = await transaction.execute(sql`
    DELETE FROM outgoing_mails WHERE (org_id, id) IN (
      SELECT org_id, id FROM outgoing_mails
      WHERE created_at < now() - make_interval(days => ${mailDays})
        AND coalesce(sent_at, failed_at) < now() - make_interval(days => ${mailDays})
      LIMIT ${batchSize} FOR UPDATE SKIP LOCKED)
    RETURNING 1`);
  const keys = await transaction.execute(sql`
    DELETE FROM idempotency_keys WHERE (org_id, principal, key) IN (
      SELECT org_id, principal, key FROM idempotency_keys
      WHERE created_at < now() - make_interval(days => ${keyDays}) AND principal NOT LIKE 'automation:%'
      LIMIT ${batchSize} FOR UPDATE SKIP LOCKED)
    RETURNING 1`);
  return mails.length + keys.length;
}
