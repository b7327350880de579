import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';

const batchSize = 500;
/** How long the same request with the same key gives the first result. Keys of runs stay as long as the run. */
const keyDays = 30;

/**
 * Deletes some of an organization's mails that ended, and of its security events that happened last, more than so many days ago, calls of models that are summed up,
 * and results of requests that carried an idempotency key.
 * Returns how many rows. Call it until nothing was deleted.
 */
export async function deleteOldRecords(
  transaction: Transaction,
  days: Readonly<Record<'mails' | 'securityEvents' | 'aiCalls', number>>,
): Promise<number> {
  const mails = await transaction.execute(sql`
    DELETE FROM outgoing_mails WHERE (org_id, id) IN (
      SELECT org_id, id FROM outgoing_mails
      WHERE created_at < now() - make_interval(days => ${days.mails})
        AND coalesce(sent_at, failed_at) < now() - make_interval(days => ${days.mails})
      LIMIT ${batchSize} FOR UPDATE SKIP LOCKED)
    RETURNING 1`);
  const events = await transaction.execute(sql`
    DELETE FROM security_events WHERE (org_id, id) IN (
      SELECT org_id, id FROM security_events
      WHERE created_at < now() - make_interval(days => ${days.securityEvents})
        AND last_at < now() - make_interval(days => ${days.securityEvents})
      LIMIT ${batchSize} FOR UPDATE SKIP LOCKED)
    RETURNING 1`);
  const keys = await transaction.execute(sql`
    DELETE FROM idempotency_keys WHERE (org_id, principal, key) IN (
      SELECT org_id, principal, key FROM idempotency_keys
      WHERE created_at < now() - make_interval(days => ${keyDays}) AND principal NOT LIKE 'automation:%' AND principal NOT LIKE 'agent:%'
      LIMIT ${batchSize} FOR UPDATE SKIP LOCKED)
    RETURNING 1`);
  const [calls] = await transaction.execute<{ gone: number }>(
    sql`SELECT forget_ai_calls(${days.aiCalls}, ${batchSize}) AS gone`,
  );
  return mails.length + events.length + keys.length + (calls?.gone ?? 0);
}
