import { and, asc, eq, ne } from 'drizzle-orm';
import { ownerRole } from '#core/permission.js';
import type { Transaction } from '#db/client.js';
import { roleOfMember } from '#db/member-joins.js';
import { members, roles, users } from '#db/schema/index.js';
import { composeBody, type Mail, subjectLine } from '#runtime/mail/mail.js';
import { timeOrderedId } from '#runtime/outbox.js';

/** Most owners who are told, and most automations that a mail names. */
const maxTold = 20;
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
  const owners = await db
    .select({ userId: users.id, email: users.email })
    .from(members)
    .innerJoin(roles, roleOfMember)
    .innerJoin(users, eq(users.id, members.userId))
    .where(
      and(
        eq(members.orgId, orgId),
        eq(members.status, 'active'),
        eq(roles.key, ownerRole),
        ne(members.userId, person.userId),
      ),
    )
    .orderBy(asc(members.createdAt))
    .limit(maxTold);
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
