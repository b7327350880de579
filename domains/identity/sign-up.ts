import { z } from 'zod';
import { definePublicAction, type PublicAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { enterOrg, type Transaction } from '#db/client.js';
import { users } from '#db/schema/index.js';
import { auditEntry } from '#runtime/audit.js';
import type { PublicContext } from '#runtime/domain.js';
import { timeOrderedId } from '#runtime/outbox.js';
import { writeRecords } from '#runtime/records.js';
import { violatesUnique } from '#runtime/resource/database-error.js';
import { titleField } from '#runtime/resource/text-field.js';
import { createOrganization } from './create-organization.js';
import { hashPassword, NewPassword } from './password.js';
import { auditedPerson, enterUser } from './person-context.js';
import { openSession, Session } from './session.js';

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
  http: { method: 'post', path: '/sign-up', status: 201 },
  input: SignUp,
  output: Session,
  async run({ services, requestId, origin }: PublicContext, input) {
    const passwordHash = await hashPassword(input.password);
    const user = { id: timeOrderedId(), name: input.name, email: input.email };
    const orgId = timeOrderedId();
    const organization = await services.database.withoutOrg(async (transaction) => {
      await enterUser(transaction, user.id);
      await enterOrg(transaction, orgId);
      await insertUser(transaction, { ...user, passwordHash });
      const { name } = input.organization;
      const made = await createOrganization(transaction, { id: orgId, name, ownerId: user.id });
      const details = { input: { id: orgId }, output: undefined, requestId, origin };
      const audit = auditEntry(auditedPerson(orgId, user.id), signUp, details);
      await writeRecords(transaction, { orgId, audit });
      return made;
    });
    return openSession(services, user, organization);
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
