import { and, eq, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { members, organizations, roles } from '#db/schema/index.js';

/**
 * True if the person is the only active owner of the organization that the transaction is in. Keeps the organization's
 * row until the end of the transaction, so that of two owners not both can go at once.
 */
export async function isLastOwner(transaction: Transaction, orgId: string, userId: string): Promise<boolean> {
  await transaction
    .select({ id: organizations.id })
    .from(organizations)
    .where(eq(organizations.id, orgId))
    .for('no key update');
  const isOwner = and(eq(roles.orgId, members.orgId), eq(roles.id, members.roleId), eq(roles.key, 'owner'));
  const owners = await transaction
    .select({ userId: members.userId })
    .from(members)
    .innerJoin(roles, isOwner)
    .where(and(eq(members.orgId, orgId), eq(members.status, 'active')))
    .orderBy(sql`${members.userId} = ${userId} DESC`)
    .limit(2);
  return owners.length === 1 && owners[0]?.userId === userId;
}
