import { platformOrgId, platformSlug } from '#core/platform.js';
import type { Transaction } from '#db/client.js';
import { organizations, roles, signInRules } from '#db/schema/index.js';
import { lockOrganization } from '#runtime/membership/lock-people.js';

/** What a member of it may do but for being a super-user, which no role says: see who they are. */
const role = { key: 'super_user', name: 'Super-user', permissions: ['identity:read'] };

/** Sessions on the platform are short, and begin with a second factor. */
const rules = { idleMinutes: 60, absoluteHours: 12, needsSecondFactor: true };

/**
 * Makes what super-users sign in to, if it is not there, and locks it: of two who change who they are, one comes after
 * the other. The transaction must have entered it. Returns the id of the role.
 */
export async function openPlatform(transaction: Transaction): Promise<string> {
  const orgId = platformOrgId;
  await transaction
    .insert(organizations)
    .values({ id: orgId, name: 'Platform', slug: platformSlug })
    .onConflictDoNothing();
  await lockOrganization(transaction, orgId);
  await transaction
    .insert(signInRules)
    .values({ orgId, ...rules })
    .onConflictDoNothing();
  const [made] = await transaction
    .insert(roles)
    .values({ orgId, ...role })
    .onConflictDoUpdate({ target: [roles.orgId, roles.key], set: { permissions: role.permissions } })
    .returning({ id: roles.id });
  if (!made) throw new Error('The role of super-users was not written');
  return made.id;
}
