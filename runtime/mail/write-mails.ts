import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { timeOrderedId } from '../outbox.js';
import { usageNote } from '../quotas/note-usage.js';
import { readQuotas } from '../quotas/read-quotas.js';
import type { Services } from '../services.js';
import type { Mail } from './mail.js';

export type MailServices = Pick<Services, 'configuration' | 'vault' | 'logger'>;

/** Keys of mails that do not count. */
const safetyPrefix = 'safety:';

/** True if the platform sends mail here at all. Without it, nobody need find out whom to tell. */
export function sendsMail({ configuration }: Pick<Services, 'configuration'>): boolean {
  return configuration.MAIL_URL !== undefined;
}

/**
 * Writes mails in the transaction of what they tell; the dispatcher sends them. One whose key was used before is left
 * out, and so is what an organization causes beyond its hourly limit, or the quota of its month. Returns how many joined the dispatcher's queue.
 */
export async function writeMails(
  services: MailServices,
  transaction: Transaction,
  orgId: string,
  mails: readonly Mail[],
): Promise<{ queued: number }> {
  if (mails.length === 0 || !sendsMail(services)) return { queued: 0 };
  const [ofHour, ofMonth] = await Promise.all([
    roomThisHour(services, transaction, orgId),
    roomThisMonth(transaction, orgId),
  ]);
  const room = Math.min(ofHour, ofMonth);
  const safety = mails.filter(({ isForSafety }) => isForSafety);
  const allowed = [...safety, ...mails.filter(({ isForSafety }) => !isForSafety).slice(0, room)];
  if (allowed.length < mails.length) {
    const details = { orgId, mails: mails.length - allowed.length };
    services.logger.warn(
      details,
      'An organization has caused too many mails this hour, or this month; some are not sent',
    );
  }
  const rows = allowed.map(({ to, subject, body, dedupeKey, isForSafety }) => {
    const id = timeOrderedId();
    const sealed = services.vault.seal({ orgId, rowId: id }, body);
    return {
      id,
      recipient: to,
      subject,
      body: sealed,
      dedupe_key: `${isForSafety ? safetyPrefix : ''}${dedupeKey}`,
    };
  });
  const counting = sql`(SELECT count(*) FROM written WHERE dedupe_key NOT LIKE ${`${safetyPrefix}%`})`;
  const queued = await transaction.execute(sql`
    WITH written AS (
      INSERT INTO outgoing_mails (org_id, id, recipient, subject, body, dedupe_key)
      SELECT ${orgId}::uuid, id, recipient, subject, body, dedupe_key
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
        AS mail (id uuid, recipient text, subject text, body text, dedupe_key text)
      ON CONFLICT (org_id, dedupe_key) DO NOTHING
      RETURNING id, dedupe_key
    ), counted AS (
      ${usageNote(orgId, 'mails', counting)}
    )
    INSERT INTO dispatch_queue (org_id, kind, source_id)
    SELECT ${orgId}::uuid, 'mail', id FROM written
    RETURNING 1`);
  return { queued: queued.length };
}

async function roomThisMonth(transaction: Transaction, orgId: string): Promise<number> {
  const [quota] = await readQuotas(transaction, orgId, ['mails']);
  return quota?.limit == null ? Number.POSITIVE_INFINITY : Math.max(0, quota.limit - quota.used);
}

async function roomThisHour(
  { configuration: { MAILS_PER_HOUR: limit } }: MailServices,
  transaction: Transaction,
  orgId: string,
): Promise<number> {
  const [row] = await transaction.execute<{ written: number }>(sql`
    SELECT count(*)::integer AS written FROM (
      SELECT FROM outgoing_mails
      WHERE org_id = ${orgId}::uuid AND created_at > now() - interval '1 hour'
        AND dedupe_key NOT LIKE ${`${safetyPrefix}%`} LIMIT ${limit}) AS recent`);
  return Math.max(0, limit - (row?.written ?? 0));
}
