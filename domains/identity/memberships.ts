import { and, asc, eq } from 'drizzle-orm';
import type { z } from 'zod';
import { enterOrg, type Transaction } from '#db/client.js';
import { members, organizations } from '#db/schema/index.js';
import type { Organization } from './organization.js';

/**
 * Organizations of which the person is an active member, oldest membership first. The transaction must have entered the
 * person, and is left in one of the organizations.
 */
export async function listOrganizations(
  transaction: Transaction,
  userId: string,
): Promise<z.output<typeof Organization>[]> {
  const memberships = await transaction
    .select({ orgId: members.orgId })
    .from(members)
    .where(and(eq(members.userId, userId), eq(members.status, 'active')))
    .orderBy(asc(members.createdAt), asc(members.id));
  const found: z.output<typeof Organization>[] = [];
  for (const { orgId } of memberships) {
    // An organization's row is visible only from within it.
    const [, rows] = await Promise.all([
      enterOrg(transaction, orgId),
      transaction
        .select({ id: organizations.id, name: organizations.name, slug: organizations.slug })
        .from(organizations)
        .where(eq(organizations.id, orgId)),
    ]);
    found.push(...rows);
  }
  return found;
}
