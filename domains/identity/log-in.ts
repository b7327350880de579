import { and, asc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { definePublicAction, type PublicAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { type Database, enterOrg, type Transaction } from '#db/client.js';
import { members, organizations, users } from '#db/schema/index.js';
import { auditEntry } from '#runtime/audit.js';
import type { PublicContext } from '#runtime/domain.js';
import { writeRecords } from '#runtime/records.js';
import { Organization } from './organization.js';
import { verifyPassword } from './password.js';
import { auditedPerson } from './person-context.js';
import { openSession, Session } from './session.js';

const LogIn = z.strictObject({
  email: z.email().max(254),
  password: z.string().min(1).max(256),
  organizationId: z.uuid().optional().describe('Which organization, for members of several'),
});

/**
 * Lets a person into an organization: the one asked for, else the one that they joined first. Throws
 * `unauthenticated`, the same for an unknown email as for a wrong password and after the same work, and `forbidden`
 * for one who is not an active member.
 */
export const logIn: PublicAction<PublicContext> = definePublicAction({
  name: 'identity.log_in',
  title: 'Log in',
  description: 'Exchanges email and password for an access token.',
  effect: 'write',
  http: { method: 'post', path: '/log-in' },
  input: LogIn,
  output: Session.extend({ organizations: z.array(Organization) }),
  async run({ services, requestId }: PublicContext, { email, password, organizationId }) {
    const found = await findLogIn(services.database, email);
    const isRight = await verifyPassword(found?.passwordHash ?? undefined, password);
    if (!found || !isRight) throw new AppError('unauthenticated', 'Email or password is wrong');

    const { userId } = found;
    const entered = await services.database.withUser(userId, async (transaction) => {
      const user = await findUser(transaction, userId);
      const memberships = await listOrganizations(transaction, userId);
      const chosen = organizationId
        ? memberships.find((organization) => organization.id === organizationId)
        : memberships[0];
      if (!chosen) throw new AppError('forbidden', 'You are not an active member of this organization');
      await enterOrg(transaction, chosen.id);
      const details = { input: { id: chosen.id }, output: undefined, requestId };
      const audit = auditEntry(auditedPerson(chosen.id, userId), logIn, details);
      await writeRecords(transaction, { orgId: chosen.id, audit });
      return { user, chosen, memberships };
    });
    const session = await openSession(services, entered.user, entered.chosen);
    return { ...session, organizations: entered.memberships };
  },
});

async function findLogIn(database: Database, email: string) {
  const [found] = await database.withoutOrg((transaction) =>
    transaction.execute<{ userId: string; passwordHash: string | null }>(
      sql`SELECT user_id AS "userId", password_hash AS "passwordHash" FROM find_log_in(${email}::citext)`,
    ),
  );
  return found;
}

async function findUser(transaction: Transaction, userId: string) {
  const [user] = await transaction
    .select({ id: users.id, name: users.name, email: users.email })
    .from(users)
    .where(eq(users.id, userId));
  if (!user) throw new AppError('internal', 'A person who logged in is not to be found');
  return user;
}

/** Organizations of which the person is an active member, oldest membership first. */
async function listOrganizations(transaction: Transaction, userId: string) {
  const memberships = await transaction
    .select({ orgId: members.orgId })
    .from(members)
    .where(and(eq(members.userId, userId), eq(members.status, 'active')))
    .orderBy(asc(members.createdAt), asc(members.id));
  const found: z.output<typeof Organization>[] = [];
  for (const { orgId } of memberships) {
    // An organization's row is visible only from within it.
    await enterOrg(transaction, orgId);
    const rows = await transaction
      .select({ id: organizations.id, name: organizations.name, slug: organizations.slug })
      .from(organizations)
      .where(eq(organizations.id, orgId));
    found.push(...rows);
  }
  return found;
}
