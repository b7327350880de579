import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { members, sessions } from '#db/schema/index.js';
import { protectLastOwner } from './protect-last-owner.js';

/**
 * Lets a member go or come back. One who goes can do nothing any more from the commit on: every call looks the membership
 * up, keys and grants are bounded by it, and their sessions are revoked, so that they do not come back with the member.
 * Throws `conflict` for the last owner.
 */
export async function setActive(
  db: Transaction,
  { orgId, userId, isActive }: { orgId: string; userId: string; isActive: boolean },
): Promise<void> {
  if (!isActive) await protectLastOwner(db, orgId, userId);
  const status = isActive ? ('active' as const) : ('deactivated' as const);
  await db
    .update(members)
    .set({ status })
    .where(and(eq(members.orgId, orgId), eq(members.userId, userId), ne(members.status, status)));
  if (isActive) return;
  await db
    .update(sessions)
    .set({ revokedAt: sql`now()`, revokeReason: 'deactivated' })
    .where(and(eq(sessions.orgId, orgId), eq(sessions.userId, userId), isNull(sessions.revokedAt)));
}
