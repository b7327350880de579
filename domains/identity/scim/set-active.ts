import { and, eq, isNull, sql } from 'drizzle-orm';
import { members, sessions } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { lockOrganization, requireOwnerLeft } from '#runtime/membership/lock-people.js';
import { readMember } from '#runtime/membership/member.js';
import { tellMembership } from '#runtime/membership/tell-membership.js';

/**
 * Lets a member go or come back. One who goes can do nothing any more from the commit on: every call looks the membership
 * up, keys and grants are bounded by it, and their sessions are revoked, so that they do not come back with the member.
 * Who was removed or erased stays so. Throws `conflict` for the last owner.
 */
export async function setActive(
  context: DomainContext,
  { userId, isActive }: { userId: string; isActive: boolean },
): Promise<void> {
  const { db, actor } = context;
  const { orgId } = actor;
  await lockOrganization(db, orgId);
  const [from, to] = isActive ? (['deactivated', 'active'] as const) : (['active', 'deactivated'] as const);
  const [changed] = await db
    .update(members)
    .set({ status: to })
    .where(and(eq(members.orgId, orgId), eq(members.userId, userId), eq(members.status, from)))
    .returning({ id: members.id });
  if (changed) {
    const member = await readMember(db, orgId, changed.id);
    await tellMembership(context, isActive ? 'reactivated' : 'deactivated', member);
  }
  if (isActive) return;
  await requireOwnerLeft(db, orgId);
  await db
    .update(sessions)
    .set({ revokedAt: sql`now()`, revokeReason: 'deactivated' })
    .where(and(eq(sessions.orgId, orgId), eq(sessions.userId, userId), isNull(sessions.revokedAt)));
}
