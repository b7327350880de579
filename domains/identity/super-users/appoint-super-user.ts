import { eq, sql } from 'drizzle-orm';
import { platformOrgId } from '#core/platform.js';
import type { Transaction } from '#db/client.js';
import { members, superUsers, users } from '#db/schema/index.js';
import { writeMails } from '#runtime/mail/write-mails.js';
import { dispatchChannel, timeOrderedId } from '#runtime/outbox.js';
import type { Services } from '#runtime/services.js';
import { appointmentMail, noticeMail } from '../email/email-mails.js';
import { issueEmailToken } from '../email/email-token.js';
import type { Announce } from '../email/mail-person.js';
import { emailLink } from '../email/send-verification.js';
import { enterUser } from '../person-context.js';
import { openPlatform } from './open-platform.js';

export interface Appointed {
  userId: string;
  /** False for one who was a super-user before. */
  isNew: boolean;
  /** Where a person without a password sets one; `none`: they have one. `enough`: links were mailed a moment ago. */
  link: { url: string } | 'none' | 'enough';
  /** To be called after the commit. */
  announce: Announce;
}

/**
 * Makes a person a super-user, with an account if they have none, and mails it to them, with a link to set a password
 * where they have none. For one who is a super-user already nothing changes. The transaction must have entered the platform.
 */
export async function appointSuperUser(
  services: Services,
  transaction: Transaction,
  { email, name, addedBy }: { email: string; name: string | undefined; addedBy: string | null },
): Promise<Appointed> {
  const roleId = await openPlatform(transaction);
  const person = await findOrMake(transaction, email, name);
  const { userId } = person;
  const orgId = platformOrgId;
  await transaction
    .insert(members)
    .values({ orgId, userId, roleId })
    .onConflictDoUpdate({ target: [members.orgId, members.userId], set: { status: 'active', roleId } });
  const added = await transaction
    .insert(superUsers)
    .values({ userId, addedBy })
    .onConflictDoNothing()
    .returning({ id: superUsers.userId });
  const isNew = added.length > 0;
  await enterUser(transaction, userId);
  const issued = person.hasPassword
    ? 'none'
    : ((await issueEmailToken(transaction, { userId, purpose: 'reset', email: person.email })) ?? 'enough');
  const appointment = { userId, isNew, email: person.email };
  if (typeof issued === 'string') {
    const announce = isNew && issued === 'none' ? await tell(services, transaction, appointment) : () => {};
    return { userId, isNew, link: issued, announce };
  }
  const url = emailLink(services, 'reset-password', issued.token);
  const mail = appointmentMail(person.email, { ...issued, url });
  return { userId, isNew, link: { url }, announce: await send(services, transaction, mail) };
}

async function findOrMake(transaction: Transaction, email: string, name: string | undefined) {
  const [found] = await transaction.execute<{ userId: string; hasPassword: boolean }>(
    sql`SELECT user_id AS "userId", password_hash IS NOT NULL AS "hasPassword" FROM find_log_in(${email}::citext)`,
  );
  if (!found) {
    const userId = timeOrderedId();
    await transaction.insert(users).values({ id: userId, email, name: name ?? email });
    return { userId, email, hasPassword: false };
  }
  await enterUser(transaction, found.userId);
  const [user] = await transaction
    .select({ email: users.email })
    .from(users)
    .where(eq(users.id, found.userId));
  // To the address as the account has it: what was typed may only look like it to the database.
  return { ...found, email: user?.email ?? email };
}

function tell(
  services: Services,
  transaction: Transaction,
  { userId, email }: { userId: string; email: string },
): Promise<Announce> {
  const mail = noticeMail(email, {
    title: 'You are a super-user of the platform',
    text: 'You can sign in to the organization “Platform” now, with a second factor.',
    key: `super_user:${userId}:${timeOrderedId()}`,
  });
  return send(services, transaction, mail);
}

async function send(
  services: Services,
  transaction: Transaction,
  mail: ReturnType<typeof noticeMail>,
): Promise<Announce> {
  const { queued } = await writeMails(services, transaction, platformOrgId, [mail]);
  return () => {
    if (queued > 0) services.hub.publish(dispatchChannel, { type: 'mail', id: platformOrgId });
  };
}
