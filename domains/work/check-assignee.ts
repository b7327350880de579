import { and, eq } from 'drizzle-orm';
import type { ErrorIssue } from '#core/errors.js';
import { members } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';

/** Finds fault with an assignee who is not an active member. Asks the database only where one is given. */
export async function checkAssignee(
  { db, actor }: DomainContext,
  input: { assigneeId?: string | null | undefined },
): Promise<ErrorIssue[]> {
  if (!input.assigneeId) return [];
  const [member] = await db
    .select({ id: members.id })
    .from(members)
    .where(
      and(eq(members.orgId, actor.orgId), eq(members.userId, input.assigneeId), eq(members.status, 'active')),
    );
  return member ? [] : [{ path: 'assigneeId', message: 'is not an active member' }];
}
