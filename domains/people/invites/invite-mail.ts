import { eq } from 'drizzle-orm';
import { momentText } from '#core/moment-text.js';
import { organizations, users } from '#db/schema/index.js';
import { publicUrl } from '#runtime/configuration.js';
import type { DomainContext } from '#runtime/domain.js';
import { composeBody, cut, subjectLine } from '#runtime/mail/mail.js';
import { writeMails } from '#runtime/mail/write-mails.js';
import { dispatchChannel } from '#runtime/outbox.js';

interface MailedInvite {
  id: string;
  email: string;
  token: string;
  /** Counts the mails of this invite. */
  issue: number;
  role: { name: string };
  expiresAt: string;
}

/** Writes the mail of an invite. Its link leads to a page; opening that accepts nothing. */
export async function mailInvite(
  { db, actor, services, afterCommit }: DomainContext,
  { id, email, token, issue, role, expiresAt }: MailedInvite,
): Promise<void> {
  const [organization] = await db
    .select({ name: organizations.name })
    .from(organizations)
    .where(eq(organizations.id, actor.orgId));
  const [inviter] = await db.select({ name: users.name }).from(users).where(eq(users.id, actor.userId));
  const name = cut(organization?.name ?? '', 200);
  const title = `You are invited to ${name}`;
  const body = composeBody({
    title,
    paragraphs: [`${cut(inviter?.name ?? '', 200)} invites you to work with them on WorkSynapse.`],
    facts: [
      ['Organization', name],
      ['Role', role.name],
      ['Good until', momentText(expiresAt)],
    ],
    links: [{ label: 'See the invite', url: `${publicUrl(services.configuration)}/invites/${token}` }],
    footer: 'The link is yours: do not forward it. If you expect no invite, you need do nothing.',
  });
  const mail = { to: email, subject: subjectLine(title), body, dedupeKey: `invite:${id}:${issue}` };
  const { queued } = await writeMails(services, db, actor.orgId, [mail]);
  if (queued > 0) afterCommit(() => services.hub.publish(dispatchChannel, { type: 'mail', id }));
}
