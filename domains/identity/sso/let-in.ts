import { eq } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { organizations, users } from '#db/schema/index.js';
import type { PublicContext } from '#runtime/domain.js';
import { openSession } from '../session.js';

/** Lets a person in who has proven through a provider who they are, and who is an active member of the organization. */
export async function letIn(
  { services }: PublicContext,
  { orgId, userId }: { orgId: string; userId: string; method: 'oidc' | 'saml' },
) {
  const { user, organization } = await services.database.withOrg(orgId, (transaction) =>
    describe(transaction, orgId, userId),
  );
  return openSession(services, user, organization);
}

async function describe(transaction: Transaction, orgId: string, userId: string) {
  const [user] = await transaction
    .select({ id: users.id, name: users.name, email: users.email })
    .from(users)
    .where(eq(users.id, userId));
  const [organization] = await transaction
    .select({ id: organizations.id, name: organizations.name, slug: organizations.slug })
    .from(organizations)
    .where(eq(organizations.id, orgId));
  if (!user || !organization) throw new AppError('internal', 'A person who signed in is not to be found');
  return { user, organization };
}
