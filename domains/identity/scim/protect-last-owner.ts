import { and, eq } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { members, roles } from '#db/schema/index.js';

/**
 * Throws `conflict` if the person is the only active owner. The owners stay locked until the end of the transaction, so
 * two at once can't both go.
 */
export async function protectLastOwner(db: Transaction, orgId: string, userId: string): Promise<void> {
  const owners = await db
    .select({ userId: members.userId })
    .from(members)
    .innerJoin(roles, and(eq(roles.orgId, members.orgId), eq(roles.id, members.roleId)))
    .where(and(eq(members.orgId, orgId), eq(members.status, 'active'), eq(roles.key, 'owner')))
    .orderBy(members.userId)
    .for('no key update', { of: members });
  if (owners.length === 1 && owners[0]?.userId === userId) {
    throw new AppError('conflict', 'The last owner of the organization can not be deactivated');
  }
}
