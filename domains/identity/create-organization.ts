import type { z } from 'zod';
import { AppError } from '#core/errors.js';
import { defaultRoles } from '#core/permission.js';
import type { Transaction } from '#db/client.js';
import { members, organizations, roles } from '#db/schema/index.js';
import type { Organization } from './organization.js';
import { slugOf, variantOf } from './slug.js';

const maxAttempts = 5;

/**
 * Makes an organization with the default roles and its owner. The transaction must have entered `id` already, and
 * the owner must exist.
 */
export async function createOrganization(
  transaction: Transaction,
  { id, name, ownerId }: { id: string; name: string; ownerId: string },
): Promise<z.output<typeof Organization>> {
  const slug = await insertWithFreeSlug(transaction, id, name);
  const made = await transaction
    .insert(roles)
    .values(defaultRoles.map((role) => ({ ...role, orgId: id, permissions: [...role.permissions] })))
    .returning({ id: roles.id, key: roles.key });
  const owner = made.find((role) => role.key === 'owner');
  if (!owner) throw new AppError('internal', 'The default roles have no owner');
  await transaction.insert(members).values({ orgId: id, userId: ownerId, roleId: owner.id });
  return { id, name, slug };
}

/** Slugs of other organizations can't be seen, only bumped into. */
async function insertWithFreeSlug(transaction: Transaction, id: string, name: string): Promise<string> {
  const wanted = slugOf(name);
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const slug = attempt === 0 ? wanted : variantOf(wanted);
    const [made] = await transaction
      .insert(organizations)
      .values({ id, name, slug })
      .onConflictDoNothing()
      .returning({ slug: organizations.slug });
    if (made) return made.slug;
  }
  throw new AppError('conflict', 'No address is free for an organization of this name', {
    issues: [{ path: 'organization.name', message: 'has no free address' }],
  });
}
