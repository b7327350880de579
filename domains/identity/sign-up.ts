import { z } from 'zod';
import { definePublicAction, type PublicAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { enterOrg, type Transaction } from '#db/client.js';
import { users } from '#db/schema/index.js';
import type { PublicContext } from '#runtime/domain.js';
import { timeOrderedId } from '#runtime/outbox.js';
import { violatesUnique } from '#runtime/resource/database-error.js';
import { titleField } from '#runtime/resource/text-field.js';
import { createOrganization } from './create-organization.js';
import { sendVerification } from './email/send-verification.js';
import { openSession } from './open-session.js';
import { refuseBreached } from './password/breached-password.js';
import { hashPassword, NewPassword } from './password.js';
import { enterUser } from './person-context.js';
import { Session } from './session.js';

const SignUp = z
  .strictObject({
    organization: z.strictObject({ name: titleField(200) }),
    name: titleField(200),
    email: z.email().max(254),
    password: NewPassword,
  })
  .refine(({ email, password }) => email.toLowerCase() !== password.toLowerCase(), {
    path: ['password'],
    message: 'must not be the email address',
  });

/**
 * Makes a person and their organization, and lets them in. Throws `conflict` naming `email` where it has an account:
 * whoever signs up learns that, the price of a sign-up that needs no mail. An existing account is never touched.
 */
export const signUp: PublicAction<PublicContext> = definePublicAction({
  name: 'identity.sign_up',
  title: 'Sign up',
  description: 'Makes an organization with you as its owner.',
  effect: 'write',
  cookies: 'opens',
  http: { method: 'post', path: '/sign-up', status: 201 },
  input: SignUp,
  output: Session,
  async run({ services, origin, cookies, requestId }: PublicContext, input) {
    await refuseBreached(services, 'password', input.password);
    const passwordHash = await hashPassword(input.password);
    const user = { id: timeOrderedId(), name: input.name, email: input.email };
    const orgId = timeOrderedId();
    const { session, announce, announceMail } = await services.database.withoutOrg(async (transaction) => {
      await enterUser(transaction, user.id);
      await enterOrg(transaction, orgId);
      await insertUser(transaction, { ...user, passwordHash });
      const { name } = input.organization;
      await createOrganization(transaction, { id: orgId, name, ownerId: user.id });
      const proof = { orgId, userId: user.id, methods: ['password' as const], action: signUp };
      const opened = await openSession(services, transaction, { ...proof, origin, cookies, requestId });
      return { ...opened, announceMail: await sendVerification(services, transaction, user) };
    });
    announce();
    announceMail();
    return session;
  },
});

async function insertUser(transaction: Transaction, user: typeof users.$inferInsert): Promise<void> {
  try {
    await transaction.insert(users).values(user);
  } catch (error) {
    if (!violatesUnique(error, 'users_email_unique')) throw error;
    const message = 'has an account already: log in instead';
    throw new AppError('conflict', `email: ${message}`, {
      issues: [{ path: 'email', message }],
      cause: error,
    });
  }
}
