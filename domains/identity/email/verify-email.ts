import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction, definePublicAction, type PublicAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { enterOrg } from '#db/client.js';
import { users } from '#db/schema/index.js';
import type { DomainContext, PublicContext } from '#runtime/domain.js';
import { violatesUnique } from '#runtime/resource/database-error.js';
import { enterUser } from '../person-context.js';
import { auditPerson } from './audit-person.js';
import { noticeMail } from './email-mails.js';
import { ownerOfEmailToken, takeEmailToken } from './email-token.js';
import { mailPerson } from './mail-person.js';
import { sendVerification } from './send-verification.js';

/**
 * Takes a link that was mailed: the address is the person's, or becomes that of the account, and the one before it is
 * told. Throws `validation` naming `token`, and `conflict` where another account has taken the address meanwhile.
 */
export const verifyEmail: PublicAction<PublicContext> = definePublicAction({
  name: 'identity.verify_email',
  title: 'Confirm an email address',
  description: 'Takes the token of a mail as proof that the address is yours.',
  effect: 'write',
  http: { method: 'post', path: '/verify-email' },
  input: z.strictObject({ token: z.string().max(200) }),
  output: z.object({
    email: z.string(),
    isNew: z.boolean().describe('It has become the address of the account'),
  }),
  async run({ services, requestId }: PublicContext, { token }) {
    const userId = ownerOfEmailToken(token);
    const { email, isNew, announce } = await services.database.withUser(userId, async (transaction) => {
      const taken = await takeEmailToken(transaction, token, ['verify', 'change']);
      const [before] = await transaction
        .select({ email: users.email })
        .from(users)
        .where(eq(users.id, userId));
      const isChange = taken.purpose === 'change';
      const addressed = isChange
        ? eq(users.id, userId)
        : and(eq(users.id, userId), eq(users.email, taken.email));
      await transaction
        .update(users)
        .set({ email: taken.email, emailVerifiedAt: sql`now()` })
        .where(addressed)
        .catch(refuseTakenAddress);
      await auditPerson(transaction, userId, { action: verifyEmail, requestId });
      const told =
        isChange && before
          ? await mailPerson(services, transaction, userId, changedNotice(before.email, taken.tokenId))
          : () => {};
      return { email: taken.email, isNew: isChange, announce: told };
    });
    announce();
    return { email, isNew };
  },
});

/** Mails the question again. Does nothing where the address is confirmed, or was asked about often of late. */
export const sendVerificationAgain = defineAction({
  name: 'identity.send_verification',
  title: 'Mail the confirmation again',
  description: 'Mails a link by which you confirm your email address.',
  permission: 'self',
  effect: 'write',
  http: { method: 'post', path: '/me/email/send-verification', status: 202 },
  input: z.strictObject({}),
  output: z.object({}),
  async run({ db, actor, services, afterCommit }: DomainContext) {
    await enterUser(db, actor.userId);
    const [user] = await db
      .select({ id: users.id, email: users.email, verifiedAt: users.emailVerifiedAt })
      .from(users)
      .where(eq(users.id, actor.userId));
    if (user && user.verifiedAt === null) {
      const announce = await sendVerification(services, db, user);
      afterCommit(announce);
      // The mail may belong to another organization of the person; the rest of the call does not.
      await enterOrg(db, actor.orgId);
    }
    return {};
  },
});

function changedNotice(to: string, tokenId: string) {
  const title = 'Your email address was changed';
  const text = 'The address of your account is another one now. This one no longer opens it.';
  return noticeMail(to, { title, text, key: `email_changed:${tokenId}` });
}

function refuseTakenAddress(error: unknown): never {
  if (!violatesUnique(error, 'users_email_unique')) throw error;
  throw new AppError('conflict', 'Another account has this address by now', { cause: error });
}
