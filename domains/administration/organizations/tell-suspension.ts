import { momentText } from '#core/moment-text.js';
import type { DomainContext } from '#runtime/domain.js';
import { composeBody, subjectLine } from '#runtime/mail/mail.js';
import { sendsMail, writeMails } from '#runtime/mail/write-mails.js';
import { findOwners } from '#runtime/membership/find-owners.js';
import { dispatchChannel } from '#runtime/outbox.js';

/** That an organization is suspended, or resumed. */
export interface SuspensionChange {
  change: 'suspended' | 'resumed';
  name: string;
  reason: string;
  /** When it was suspended, ISO 8601. */
  suspendedAt: string;
}

/** Mails it to the owners, in the transaction of the change. Such mails go out while the organization is suspended, too. */
export async function tellSuspension(
  { db, actor: { orgId }, services, afterCommit }: DomainContext,
  { change, name, reason, suspendedAt }: SuspensionChange,
): Promise<void> {
  if (!sendsMail(services)) return;
  const title = `${name} is ${change}`;
  const paragraph = {
    suspended:
      'Those who run this installation have suspended the organization: nobody acts in it, and its runs wait. What comes in is kept.',
    resumed: 'The organization is no longer suspended: people can act again, and what has waited goes on.',
  }[change];
  const body = composeBody({
    title,
    paragraphs: [paragraph],
    facts: [
      ['Reason', reason],
      ['Suspended', momentText(suspendedAt)],
    ],
    links: [],
    footer: 'You are told because you own the organization.',
  });
  const mails = (await findOwners(db, orgId)).map(({ userId, email }) => ({
    to: email,
    subject: subjectLine(title),
    body,
    dedupeKey: `${change}:${suspendedAt}:${userId}`,
    isForSafety: true as const,
  }));
  const { queued } = await writeMails(services, db, orgId, mails);
  if (queued > 0) afterCommit(() => services.hub.publish(dispatchChannel, { type: 'mail', id: orgId }));
}
