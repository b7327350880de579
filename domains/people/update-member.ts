import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { invalidField } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { members } from '#db/schema/index.js';
import { changeBetween } from '#runtime/audit/change-between.js';
import type { DomainContext } from '#runtime/domain.js';
import { lockPeople, requireOwnerLeft } from '#runtime/membership/lock-people.js';
import { requireGrantable, requireReach } from '#runtime/membership/may-grant.js';
import { findMember, findRole, Member, memberEvents, readMember } from '#runtime/membership/member.js';
import { textField } from '#runtime/resource/text-field.js';
import { noteSecurityEvent } from '#runtime/security-events.js';
import { putIntoDepartment, requireDepartment } from './department-members.js';

/** Longest chain of managers that is followed. */
const maxChain = 100;

/**
 * Changes what a member is in the organization. A role is given only by those who hold all that it holds, and taken only
 * from those whose role they reach. Throws `not_found`, `forbidden`, `validation` naming the field, and `conflict` for
 * the last owner.
 */
export const updateMember = defineAction({
  name: 'members.update',
  title: 'Update member',
  description: 'Changes title, role, first department or manager of a person of the organization.',
  permission: 'members:update',
  effect: 'write',
  http: { method: 'patch', path: '/members/:id' },
  input: z.strictObject({
    id: z.uuid(),
    title: textField({ max: 200 }).optional(),
    roleId: z.uuid().optional(),
    departmentId: z.uuid().optional().describe('Becomes their first department'),
    managerId: z.uuid().nullable().optional().describe('User id of an active member'),
  }),
  output: Member,
  emits: [memberEvents.updated.type, 'security.member_role_changed'],
  async run(context: DomainContext, { id, title, roleId, departmentId, managerId }) {
    const { db, actor, emit, audit } = context;
    const { orgId } = actor;
    const present = await lockPeople(context, updateMember);
    const member = await findMember(db, orgId, id);
    const before = await readMember(db, orgId, id);
    if (roleId !== undefined && roleId !== member.roleId) {
      const role = await findRole(db, orgId, roleId);
      if (!role) throw invalidField({ path: 'roleId', message: 'does not exist' });
      requireReach(present, member.role);
      requireGrantable(present, role, 'roleId');
    }
    if (managerId) await requireManager(db, orgId, { userId: member.userId, managerId });
    await db
      .update(members)
      .set({
        ...(title !== undefined && { title }),
        ...(roleId !== undefined && { roleId }),
        ...(managerId !== undefined && { managerId }),
        id,
      })
      .where(and(eq(members.orgId, orgId), eq(members.id, id)));
    await requireOwnerLeft(db, orgId);
    if (departmentId !== undefined) {
      await requireDepartment(context, departmentId);
      await putIntoDepartment(context, { departmentId, userId: member.userId, isPrimary: true });
    }
    const changed = await readMember(db, orgId, id);
    audit(changeBetween(before, changed, ['title', 'roleId', 'managerId', 'departments']));
    if (changed.roleId !== before.roleId) {
      const details = { fromRoleId: before.roleId, toRoleId: changed.roleId };
      await noteSecurityEvent(context, { kind: 'member_role_changed', userId: changed.userId, details });
    }
    emit(memberEvents.updated, changed);
    return changed;
  },
});

/** Throws `validation` for a manager who is no active member, or who reports to the person, however indirectly. */
async function requireManager(
  db: Transaction,
  orgId: string,
  { userId, managerId }: { userId: string; managerId: string },
): Promise<void> {
  const chain = await db.execute<{ user_id: string; status: string }>(sql`
    WITH RECURSIVE above AS (
      SELECT user_id, manager_id, status, 1 AS level FROM members
      WHERE org_id = ${orgId}::uuid AND user_id = ${managerId}::uuid
      UNION ALL
      SELECT m.user_id, m.manager_id, m.status, above.level + 1 FROM members m
      JOIN above ON m.org_id = ${orgId}::uuid AND m.user_id = above.manager_id AND above.level < ${maxChain}
    )
    SELECT user_id, status FROM above ORDER BY level`);
  if (chain[0]?.status !== 'active') {
    throw invalidField({ path: 'managerId', message: 'is not an active member' });
  }
  if (chain.length === maxChain || chain.some((row) => row.user_id === userId)) {
    throw invalidField({ path: 'managerId', message: 'reports to this person' });
  }
}
