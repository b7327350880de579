import { and, asc, eq, ne } from 'drizzle-orm';
import { ownerRole } from '#core/permission.js';
import type { Transaction } from '#db/client.js';
import { roleOfMember } from '#db/member-joins.js';
import { members, roles, users } from '#db/schema/index.js';

/** Most owners who are told of one thing. */
const maxTold = 20;

/** The owners of the organization whom a mail about it reaches: those who have been in it longest, but `except`. */
export async function findOwners(
  transaction: Transaction,
  orgId: string,
  except?: { userId: string },
): Promise<{ userId: string; email: string }[]> {
  return transaction
    .select({ userId: users.id, email: users.email })
    .from(members)
    .innerJoin(roles, roleOfMember)
    .innerJoin(users, eq(users.id, members.userId))
    .where(
      and(
        eq(members.orgId, orgId),
        eq(members.status, 'active'),
        eq(roles.key, ownerRole),
        except && ne(members.userId, except.userId),
      ),
    )
    .orderBy(asc(members.createdAt))
    .limit(maxTold);
}
