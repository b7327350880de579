import { and, asc, eq, or, sql } from 'drizzle-orm';
import { isPermitted } from '#core/permission.js';
import type { Transaction } from '#db/client.js';
import { roleOfMember } from '#db/member-joins.js';
import { members, roles, users } from '#db/schema/index.js';

export interface Approver {
  userId: string;
  email: string;
}

/** Most people who are told of one approval by mail; others find it in their list. */
export const maxToldApprovers = 100;

/** The people who may decide now: active members that are named or have one of the roles, with the permission to decide. */
export async function findApprovers(
  transaction: Transaction,
  { users: named, roles: keys }: { users: readonly string[]; roles: readonly string[] },
): Promise<Approver[]> {
  const rows = await transaction
    .select({ userId: users.id, email: users.email, permissions: roles.permissions })
    .from(members)
    .innerJoin(roles, roleOfMember)
    .innerJoin(users, eq(users.id, members.userId))
    .where(
      and(
        eq(members.status, 'active'),
        or(
          sql`${members.userId} = ANY(${sql.param([...named])}::uuid[])`,
          sql`${roles.key} = ANY(${sql.param([...keys])}::text[])`,
        ),
      ),
    )
    .orderBy(asc(members.createdAt), asc(members.id))
    .limit(1_000);
  return rows
    .filter(({ permissions }) => isPermitted(permissions, 'approvals:decide'))
    .slice(0, maxToldApprovers)
    .map(({ userId, email }) => ({ userId, email }));
}
