import { and, asc, eq } from 'drizzle-orm';
import { ownerRole } from '#core/permission.js';
import type { Transaction } from '#db/client.js';
import { roleOfMember } from '#db/member-joins.js';
import { members, roles, users } from '#db/schema/index.js';

/** Most owners who are told of one thing. */
const maxTold = 20;

/** The owners of the transaction's organization whom a mail about it reaches: those who have been in it longest. */
export async function findOwners(transaction: Transaction): Promise<{ userId: string; email: string }[]> {
  return transaction
    .select({ userId: users.id, email: users.email })
    .from(members)
    .innerJoin(roles, roleOfMember)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.status, 'active'), eq(roles.key, ownerRole)))
    .orderBy(asc(members.createdAt))
    .limit(maxTold);
}
