import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { enterOrg } from '#db/client.js';
import { users } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { enterUser } from '../person-context.js';
import { changeMail, noticeMail } from './email-mails.js';
import { endEmailTokens, issueEmailToken } from './email-token.js';
import { mailPerson } from './mail-person.js';
import { emailLink } from './send-verification.js';

/**
 * Mails a link to the new address, which makes it that of the account, and tells the present one. The answer is the same
 * for an address that has an account: nobody learns of it here, and no mail goes there.
 */
export const requestEmailChange = defineAction({
  name: 'identity.request_email_change',
  title: 'Change my email address',
  description: 'Mails a link to the new address. The address changes when the link is followed.',
  permission: 'self',
  effect: 'write',
  needsRecentSignIn: true,
  http: { method: 'post', path: '/me/email', status: 202 },
  input: z.strictObject({ email: z.email().max(254) }),
  output: z.object({}),
  async run({ db, actor: { userId, orgId }, services, afterCommit }: DomainContext, { email }) {
    await enterUser(db, userId);
    const [user] = await db.select({ email: users.email }).from(users).where(eq(users.id, userId));
    const issued = await issueEmailToken(db, { userId, purpose: 'change', email });
    if (!user || !issued) return {};
    const notice = noticeMail(user.email, {
      title: 'A new email address was asked for',
      text: 'Somebody who was signed in as you wants another address for your account. It changes when the link in a mail to that address is followed.',
      key: `email_change:${issued.tokenId}`,
    });
    afterCommit(await mailPerson(services, db, userId, notice));
    const [known] = await db.execute(sql`SELECT FROM find_log_in(${email}::citext)`);
    if (known) {
      await endEmailTokens(db, userId, 'change');
    } else {
      const url = emailLink(services, 'verify-email', issued.token);
      afterCommit(await mailPerson(services, db, userId, changeMail(email, { ...issued, url })));
    }
    await enterOrg(db, orgId);
    return {};
  },
});
