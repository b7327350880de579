import { and, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineEvent } from '#core/event.js';
import type { Transaction } from '#db/client.js';
import { departmentMembers, departments, invites, members } from '#db/schema/index.js';
import { requireQuota } from '../quotas/require-quota.js';
import { invalidInvite, type OpenInvite } from './find-invite.js';

export const MemberJoined = z.object({
  id: z.uuid().describe('Of the membership'),
  userId: z.uuid(),
  roleId: z.uuid(),
  by: z.enum(['invite', 'domain', 'sso', 'scim']),
  invitedBy: z.uuid().nullable().describe('Whose invite it was'),
});
export type MemberJoined = z.output<typeof MemberJoined>;

export const memberJoined = defineEvent({
  type: 'member.joined',
  title: 'Member joined',
  description: 'Somebody became a member of the organization.',
  payload: MemberJoined,
});

/** What somebody becomes in an organization. */
export interface NewMembership {
  orgId: string;
  userId: string;
  roleId: string;
  departmentId: string | null;
  /** ISO 8601: who was removed since then does not come back by it. */
  since: string;
  by: MemberJoined['by'];
  /** Whose invite it is. */
  invitedBy?: string;
}

/**
 * Makes a person a member, under the lock of `lockOrganization`. Undefined for one who is a member already. Throws the
 * `not_found` of invites for one who is deactivated, was removed since, or was erased: what they did leads to nobody.
 */
export async function joinOrganization(
  db: Transaction,
  { orgId, userId, roleId, departmentId, since, by, invitedBy }: NewMembership,
): Promise<MemberJoined | undefined> {
  const isTheirs = and(eq(members.orgId, orgId), eq(members.userId, userId));
  const [present] = await db
    .select({
      status: members.status,
      mayReturn: sql<boolean>`coalesce(${members.removedAt} < ${since}::timestamptz, true)`,
    })
    .from(members)
    .where(isTheirs);
  if (present?.status === 'active') return undefined;
  if (present && (present.status !== 'removed' || !present.mayReturn)) throw invalidInvite();
  await requireQuota(db, orgId, { name: 'members' });
  const [joined] = present
    ? await db.update(members).set({ status: 'active', roleId }).where(isTheirs).returning({ id: members.id })
    : await db.insert(members).values({ orgId, userId, roleId }).returning({ id: members.id });
  if (!joined) throw invalidInvite();
  if (departmentId !== null) await enterDepartment(db, { orgId, userId, departmentId });
  return { id: joined.id, userId, roleId, by, invitedBy: invitedBy ?? null };
}

/** Accepts an invite that is locked: one use of it. Undefined for one who is a member already, which uses nothing. */
export async function acceptInvite(db: Transaction, invite: OpenInvite, userId: string) {
  const { orgId, id, role, departmentId, issuedAt } = invite;
  const joined = await joinOrganization(db, {
    orgId,
    userId,
    roleId: role.id,
    departmentId,
    since: issuedAt,
    by: 'invite',
    invitedBy: invite.invitedBy,
  });
  if (joined) {
    await db
      .update(invites)
      .set({ uses: sql`${invites.uses} + 1` })
      .where(and(eq(invites.orgId, orgId), eq(invites.id, id)));
  }
  return joined;
}

/** A department that is gone by now is left out. */
async function enterDepartment(
  db: Transaction,
  { orgId, userId, departmentId }: { orgId: string; userId: string; departmentId: string },
): Promise<void> {
  const [department] = await db
    .select({ id: departments.id })
    .from(departments)
    .where(and(eq(departments.orgId, orgId), eq(departments.id, departmentId), isNull(departments.deletedAt)))
    .for('share');
  if (!department) return;
  await db
    .insert(departmentMembers)
    .values({ orgId, departmentId, userId, isPrimary: true })
    .onConflictDoNothing();
}
