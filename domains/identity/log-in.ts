import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { definePublicAction, type PublicAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import type { Database } from '#db/client.js';
import type { PublicContext } from '#runtime/domain.js';
import { letIn } from './let-in.js';
import { listOrganizations } from './memberships.js';
import { Organization } from './organization.js';
import { verifyPassword } from './password.js';
import { Asked } from './second-factor/sign-in-answer.js';
import { Session } from './session.js';

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
  description:
    'Exchanges email and password for a session, or for a challenge where a second factor is asked for.',
  effect: 'write',
  cookies: 'opens',
  http: { method: 'post', path: '/log-in' },
  input: LogIn,
  output: z.union([Session.extend({ organizations: z.array(Organization) }), Asked]),
  async run(context: PublicContext, { email, password, organizationId }) {
    const { database } = context.services;
    const found = await findLogIn(database, email);
    const isRight = await verifyPassword(found?.passwordHash ?? undefined, password);
    if (!found || !isRight) throw new AppError('unauthenticated', 'Email or password is wrong');

    const { userId } = found;
    const { answer, announce, memberships } = await database.withUser(userId, async (transaction) => {
      const organizations = await listOrganizations(transaction, userId);
      const chosen = organizationId
        ? organizations.find(({ id }) => id === organizationId)
        : organizations[0];
      if (!chosen) throw new AppError('forbidden', 'You are not an active member of this organization');
      const proof = { orgId: chosen.id, userId, methods: ['password' as const], action: logIn };
      return { ...(await letIn(context, transaction, proof)), memberships: organizations };
    });
    announce();
    return 'status' in answer ? answer : { ...answer, organizations: memberships };
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
