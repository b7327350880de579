import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { members, roles, users } from '#db/schema/index.js';
import { hashPassword } from '#domains/identity/password.js';
import type { Caller } from '#runtime/caller.js';
import { buildCaller } from './build-caller.js';
import type { BuilderApp } from './builder-app.js';

type User = Extract<Caller, { sessionId: string }>;

export interface BuiltMember {
  userId: string;
  caller: User;
  email: string;
  password: string;
}

/**
 * A person with a default role (`admin`, `manager`, `member`, `guest`) in an organization. Writes the rows itself:
 * no action adds a member to an organization.
 */
export async function buildMember(
  app: BuilderApp,
  { orgId }: { orgId: string },
  roleKey: string,
): Promise<BuiltMember> {
  const userId = randomUUID();
  const email = `${roleKey}-${userId}@example.com`;
  const password = 'correct horse battery';
  const passwordHash = await hashPassword(password);
  await app.services.database.withOrg(orgId, async (transaction) => {
    const [role] = await transaction
      .select({ id: roles.id })
      .from(roles)
      .where(and(eq(roles.orgId, orgId), eq(roles.key, roleKey)));
    if (!role) throw new Error(`There is no role ${roleKey}`);
    await transaction.insert(users).values({ id: userId, email, name: `A ${roleKey}`, passwordHash });
    await transaction.insert(members).values({ orgId, userId, roleId: role.id });
  });
  return { userId, caller: await buildCaller(app, { orgId, userId }), email, password };
}
