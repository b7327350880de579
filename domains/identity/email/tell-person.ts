import { eq } from 'drizzle-orm';
import { enterOrg } from '#db/client.js';
import { users } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { timeOrderedId } from '#runtime/outbox.js';
import { noticeMail } from './email-mails.js';
import { mailPerson } from './mail-person.js';

/** Mails a person what somebody who was signed in as them has changed. The transaction must have entered the person. */
export async function tellPerson(
  { db, actor: { userId, orgId }, services, afterCommit }: DomainContext,
  notice: { title: string; text: string },
): Promise<void> {
  const [user] = await db.select({ email: users.email }).from(users).where(eq(users.id, userId));
  if (!user) return;
  const mail = noticeMail(user.email, { ...notice, key: `notice:${timeOrderedId()}` });
  afterCommit(await mailPerson(services, db, userId, mail));
  // The mail may belong to another organization of the person; the rest of the call does not.
  await enterOrg(db, orgId);
}
