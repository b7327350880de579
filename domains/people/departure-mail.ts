import type { Transaction } from '#db/client.js';
import { composeBody, type Mail, subjectLine } from '#runtime/mail/mail.js';
import { findOwners } from '#runtime/membership/find-owners.js';
import { timeOrderedId } from '#runtime/outbox.js';

/** Most automations that a mail names. */
const maxNamed = 50;

/** A mail to each of the other owners about automations that can't act any more, for their publisher has left. */
export async function departureMails(
  db: Transaction,
  orgId: string,
  {
    person,
    stopped,
  }: { person: { userId: string; name: string }; stopped: readonly { id: string; name: string }[] },
): Promise<Mail[]> {
  const owners = await findOwners(db, orgId, person);
  const title = `${person.name} can no longer act: ${stopped.length} automations stop`;
  const named = stopped.slice(0, maxNamed).map(({ name }) => name);
  const more = stopped.length > maxNamed ? [`and ${stopped.length - maxNamed} more`] : [];
  const body = composeBody({
    title,
    paragraphs: [
      'These automations act with the rights of their publisher, who is not an active member any more. Their runs will fail until somebody who has the rights publishes them again.',
      [...named, ...more].join('\n'),
    ],
    facts: [],
    links: [],
    footer: 'You are told because you own the organization.',
  });
  const departure = timeOrderedId();
  return owners.map(({ userId, email }) => ({
    to: email,
    subject: subjectLine(title),
    body,
    dedupeKey: `departure:${departure}:${userId}`,
  }));
}
