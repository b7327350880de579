import { and, eq, sql } from 'drizzle-orm';
import type { ApprovalRequest } from '#core/automation/approval.js';
import type { Transaction } from '#db/client.js';
import { roleOfMember } from '#db/member-joins.js';
import { members, roles } from '#db/schema/index.js';

/** True if the person is named, or is an active member with one of the roles, at this moment. */
export async function isApprover(
  db: Transaction,
  userId: string,
  approvers: Pick<ApprovalRequest['approvers'], 'users' | 'roles'>,
): Promise<boolean> {
  if (approvers.users.includes(userId)) return true;
  const [row] = await db
    .select({ key: roles.key })
    .from(members)
    .innerJoin(roles, roleOfMember)
    .where(
      and(
        eq(members.userId, userId),
        eq(members.status, 'active'),
        sql`${roles.key} = ANY(${sql.param(approvers.roles)}::text[])`,
      ),
    );
  return row !== undefined;
}
