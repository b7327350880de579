import { setTimeout as pause } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { definePublicAction, type PublicAction } from '#core/action.js';
import { knownDevices, users } from '#db/schema/index.js';
import type { PublicContext } from '#runtime/domain.js';
import { recordPersonEvent } from '#runtime/security/record-person-event.js';
import { auditPerson } from '../email/audit-person.js';
import { noticeMail, resetMail } from '../email/email-mails.js';
import { endEmailTokens, issueEmailToken, ownerOfEmailToken, takeEmailToken } from '../email/email-token.js';
import { mailPerson } from '../email/mail-person.js';
import { emailLink } from '../email/send-verification.js';
import { rememberDevice } from '../known-device.js';
import { hashPassword, NewPassword } from '../password.js';
import { endSessions } from '../sessions/end-sessions.js';
import { accountKey } from '../throttle/log-in-throttles.js';
import { forget } from '../throttle/throttle.js';
import { refuseBreached } from './breached-password.js';

/** Well above what the work takes: whether there was any does not show in how long the answer takes. */
const answerMs = 300;

/** Mails a link by which a new password is set. The answer is the same, as late, for an address without an account. */
export const requestPasswordReset: PublicAction<PublicContext> = definePublicAction({
  name: 'identity.request_password_reset',
  title: 'Ask to set a new password',
  description: 'Mails a link by which a new password can be set, if the address has an account.',
  effect: 'write',
  http: { method: 'post', path: '/password-reset', status: 202 },
  input: z.strictObject({ email: z.email().max(254) }),
  output: z.object({}),
  async run(context: PublicContext, { email }) {
    const [outcome] = await Promise.allSettled([mailReset(context, email), pause(answerMs)]);
    if (outcome.status === 'rejected') throw outcome.reason;
    return {};
  },
});

/**
 * Sets a new password by a link that was mailed, and ends all sessions of the person everywhere; API keys stay. The
 * browser is known from then on, so that no failures of strangers keep it out. Throws `validation` naming `token` or
 * `password`.
 */
export const resetPassword: PublicAction<PublicContext> = definePublicAction({
  name: 'identity.reset_password',
  title: 'Set a new password',
  description: 'Sets a new password by the token of a mail. All sessions end; log in with the new password.',
  effect: 'write',
  cookies: 'opens',
  emits: ['security.password_changed'],
  http: { method: 'post', path: '/password-reset/confirm' },
  input: z.strictObject({ token: z.string().max(200), password: NewPassword }),
  output: z.object({ email: z.string() }),
  async run({ services, cookies, requestId, origin }: PublicContext, { token, password }) {
    const userId = ownerOfEmailToken(token);
    await refuseBreached(services, 'password', password);
    const passwordHash = await hashPassword(password);
    const { email, announce } = await services.database.withUser(userId, async (transaction) => {
      const taken = await takeEmailToken(transaction, token, ['reset']);
      await transaction.update(users).set({ passwordHash }).where(eq(users.id, userId));
      // Who reads the mail of the address has shown that it is theirs.
      await transaction.execute(sql`
        UPDATE users SET email_verified_at = coalesce(email_verified_at, now())
        WHERE id = ${userId} AND email = ${taken.email}::citext`);
      await endEmailTokens(transaction, userId, 'change');
      await endSessions(transaction, userId, { reason: 'password' });
      // Who knew the old password may have made a browser of theirs known.
      await transaction.delete(knownDevices).where(eq(knownDevices.userId, userId));
      await rememberDevice(transaction, userId, cookies);
      await auditPerson(transaction, userId, { action: resetPassword, requestId });
      const notice = noticeMail(taken.email, {
        title: 'Your password was changed',
        text: 'A new password was set for your account, by a link that was mailed to this address. All sessions were ended.',
        key: `password:${taken.tokenId}`,
      });
      const announceMail = await mailPerson(services, transaction, userId, notice);
      const principal = { kind: 'user' as const, id: userId };
      const event = { kind: 'password_changed' as const, userId, principal, origin };
      await recordPersonEvent(services, transaction, event);
      return { email: taken.email, announce: announceMail };
    });
    cookies.drop('session');
    await services.database.withoutOrg((transaction) => forget(transaction, accountKey(email)));
    announce();
    return { email };
  },
});

async function mailReset({ services, requestId }: PublicContext, email: string): Promise<void> {
  const [found] = await services.database.withoutOrg((transaction) =>
    transaction.execute<{ userId: string }>(
      sql`SELECT user_id AS "userId" FROM find_log_in(${email}::citext)`,
    ),
  );
  if (!found) return;
  const { userId } = found;
  const announce = await services.database.withUser(userId, async (transaction) => {
    // To the address as the account has it: what was typed may only look like it to the database.
    const [user] = await transaction.select({ email: users.email }).from(users).where(eq(users.id, userId));
    const to = user?.email ?? email;
    const issued = await issueEmailToken(transaction, { userId, purpose: 'reset', email: to });
    if (!issued) return () => {};
    await auditPerson(transaction, userId, { action: requestPasswordReset, requestId });
    const url = emailLink(services, 'reset-password', issued.token);
    return mailPerson(services, transaction, userId, resetMail(to, { ...issued, url }));
  });
  announce();
}
