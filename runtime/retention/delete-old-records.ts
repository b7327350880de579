import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';

const batchSize = 500;
/** How long the same request with the same key gives the first result. Keys of runs stay as long as the run. */
const keyDays = 30;
/** How long people find what they were told of. */
const notificationDays = 90;

/**
 * Deletes some of an organization's mails that ended, and of its security events that happened last, more than so many days ago, calls of models that are summed up,
 * results of requests that carried an idempotency key, and what people were told of three months ago.
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
  const told = await transaction.execute(sql`
    DELETE FROM notifications WHERE (org_id, id) IN (
      SELECT org_id, id FROM notifications
      WHERE at < now() - make_interval(days => ${notificationDays})
      LIMIT ${batchSize} FOR UPDATE SKIP LOCKED)
    RETURNING 1`);
  const [calls] = await transaction.execute<{ gone: number }>(
    sql`SELECT forget_ai_calls(${days.aiCalls}, ${batchSize}) AS gone`,
  );
  return mails.length + events.length + keys.length + told.length + (calls?.gone ?? 0);
}
