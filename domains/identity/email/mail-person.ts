import { sql } from 'drizzle-orm';
import { enterOrg, type Transaction } from '#db/client.js';
import type { Mail } from '#runtime/mail/mail.js';
import { writeMails } from '#runtime/mail/write-mails.js';
import { dispatchChannel } from '#runtime/outbox.js';
import type { Services } from '#runtime/services.js';

/** To be called after the commit: wakes who sends the mail. */
export type Announce = () => void;

/**
 * Mails to a person, whatever the organization: the mail goes out with those of the organization that they have been in
 * longest, where they still are if there is one. Who is in none has nothing to sign in to and gets no mail. The
 * transaction must have entered the person; it is left in that organization.
 */
export async function mailPerson(
  services: Services,
  transaction: Transaction,
  userId: string,
  mail: Mail,
): Promise<Announce> {
  const orgId = await homeOf(transaction, userId);
  if (orgId === undefined) return () => {};
  await enterOrg(transaction, orgId);
  const { queued } = await writeMails(services, transaction, orgId, [mail]);
  return () => {
    if (queued > 0) services.hub.publish(dispatchChannel, { type: 'mail', id: orgId });
  };
}

/** The organization whose records tell of what concerns the person alone. */
export async function homeOf(transaction: Transaction, userId: string): Promise<string | undefined> {
  const [home] = await transaction.execute<{ orgId: string }>(sql`
    SELECT org_id AS "orgId" FROM members WHERE user_id = ${userId}
    ORDER BY status = 'active' DESC, created_at, id LIMIT 1`);
  return home?.orgId;
}
