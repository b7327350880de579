import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { definePublicAction, type PublicAction } from '#core/action.js';
import { AppError, invalidField } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { users } from '#db/schema/index.js';
import { auditEntry } from '#runtime/audit.js';
import type { PublicContext } from '#runtime/domain.js';
import { findInvite, type OpenInvite } from '#runtime/membership/find-invite.js';
import { acceptInvite } from '#runtime/membership/join.js';
import { tellJoined } from '#runtime/membership/tell-membership.js';
import { timeOrderedId } from '#runtime/outbox.js';
import { writeRecords } from '#runtime/records.js';
import { violatesUnique } from '#runtime/resource/database-error.js';
import { titleField } from '#runtime/resource/text-field.js';
import { openSession } from './open-session.js';
import { Organization } from './organization.js';
import { refuseBreached } from './password/breached-password.js';
import { hashPassword, NewPassword } from './password.js';
import { auditedPerson, enterUser } from './person-context.js';
import { Session } from './session.js';

const Accept = z
  .strictObject({
    token: z.string().max(200).optional().describe('From the mail'),
    code: z.string().max(40).optional().describe('As it was given'),
    email: z.email().max(254).optional().describe('With a code; a mailed invite is for its own address'),
    name: titleField(200).optional(),
    password: NewPassword.optional(),
  })
  .refine(({ token, code }) => (token === undefined) !== (code === undefined), {
    path: ['token'],
    message: 'give a token or a code, and not both',
  });

type Accept = z.output<typeof Accept>;

/**
 * Lets a person without an account join by an invite, and in. Who follows a mailed invite to an address that has an
 * account joins with that account and signs in afterwards, for the link proves the address and no more. Throws the one
 * `not_found` of invites, and `conflict` naming `email` where a code is used with an address that has an account.
 */
export const acceptInviteAsNew: PublicAction<PublicContext> = definePublicAction({
  name: 'invites.accept',
  title: 'Accept invite',
  description: 'Joins an organization by an invite, with a new account or the one of the invited address.',
  effect: 'write',
  isGuessable: true,
  cookies: 'opens',
  http: { method: 'post', path: '/invites/accept', status: 201 },
  input: Accept,
  output: z.object({
    organization: Organization,
    session: Session.nullable().describe('Null: you have an account; log in'),
  }),
  async run({ services, origin, cookies, requestId }: PublicContext, input) {
    if (input.password !== undefined) await refuseBreached(services, 'password', input.password);
    // Before anything is looked up, so that the answer takes as long whatever the invite.
    const passwordHash = await hashPassword(input.password ?? 'nobody has this password');
    const accepted = await services.database.withoutOrg(async (db) => {
      const invite = await findInvite(db, services.vault, input, true);
      const { orgId, organization } = invite;
      const person = await personOf(db, invite, { ...input, passwordHash });
      const joined = await acceptInvite(db, invite, person.id);
      if (joined) {
        const details = { input: { id: invite.id }, output: undefined, requestId };
        const audit = auditEntry(auditedPerson(orgId, person.id), acceptInviteAsNew, details);
        await writeRecords(db, { orgId, audit });
        const principal = { kind: 'user' as const, id: person.id };
        await tellJoined(services, db, { orgId, joined, principal, origin });
      }
      if (!person.isNew) return { organization, opened: undefined };
      const proof = { orgId, userId: person.id, methods: ['password' as const], action: acceptInviteAsNew };
      const opened = await openSession(services, db, { ...proof, origin, cookies, requestId });
      return { organization, opened };
    });
    accepted.opened?.announce();
    return { organization: accepted.organization, session: accepted.opened?.session ?? null };
  },
});

async function personOf(db: Transaction, invite: OpenInvite, input: Accept & { passwordHash: string }) {
  const email = invite.email ?? input.email;
  if (email === undefined) throw invalidField({ path: 'email', message: 'is needed with a code' });
  const account = await accountOf(db, email);
  if (account !== undefined && invite.email !== null) {
    return { id: account, name: '', email, isNew: false };
  }
  if (account !== undefined) throw hasAccount();
  const { name, password, passwordHash } = input;
  if (name === undefined) throw invalidField({ path: 'name', message: 'is needed for a new account' });
  if (password === undefined)
    throw invalidField({ path: 'password', message: 'is needed for a new account' });
  if (password.toLowerCase() === email.toLowerCase()) {
    throw invalidField({ path: 'password', message: 'must not be the email address' });
  }
  const user = { id: timeOrderedId(), name, email };
  await enterUser(db, user.id);
  // Whoever has a mailed token gets mail to its address.
  const emailVerifiedAt = invite.email === null ? null : sql`now()`;
  try {
    await db.insert(users).values({ ...user, passwordHash, emailVerifiedAt });
  } catch (error) {
    if (violatesUnique(error, 'users_email_unique')) throw hasAccount(error);
    throw error;
  }
  return { ...user, isNew: true };
}

async function accountOf(db: Transaction, email: string): Promise<string | undefined> {
  const [found] = await db.execute<{ userId: string }>(
    sql`SELECT user_id AS "userId" FROM find_log_in(${email}::citext)`,
  );
  return found?.userId;
}

function hasAccount(cause?: unknown): AppError {
  const message = 'has an account already: log in, and join by the code then';
  return new AppError('conflict', `email: ${message}`, {
    issues: [{ path: 'email', message }],
    ...(cause !== undefined && { cause }),
  });
}
