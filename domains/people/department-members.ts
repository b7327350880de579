import { and, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError, invalidField } from '#core/errors.js';
import { departmentMembers, departments, members } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';

const DepartmentMember = z.object({
  id: z.uuid().describe('Of the department'),
  userId: z.uuid(),
  isPrimary: z.boolean().describe('It is the first among the departments of the person'),
});

/**
 * Puts a person into a department; one who is there already stays. With `isPrimary` it becomes their first one. Throws
 * `not_found`, and `validation` naming `userId` for one who is not an active member.
 */
export const addDepartmentMember = defineAction({
  name: 'departments.add_member',
  title: 'Add person to department',
  description: 'Puts a person into a department. A person may be in several; one of them is the first.',
  permission: 'departments:update',
  effect: 'write',
  http: { method: 'post', path: '/departments/:id/members' },
  input: z.strictObject({ id: z.uuid(), userId: z.uuid(), isPrimary: z.boolean().default(false) }),
  output: DepartmentMember,
  async run(context: DomainContext, { id, userId, isPrimary }) {
    await requireDepartment(context, id);
    await requireActiveMember(context, userId);
    return putIntoDepartment(context, { departmentId: id, userId, isPrimary });
  },
});

export const removeDepartmentMember = defineAction({
  name: 'departments.remove_member',
  title: 'Remove person from department',
  description: 'Takes a person out of a department; they stay in the organization.',
  permission: 'departments:update',
  effect: 'write',
  http: { method: 'delete', path: '/departments/:id/members/:userId', status: 204 },
  input: z.strictObject({ id: z.uuid(), userId: z.uuid() }),
  output: z.unknown(),
  async run({ db, actor }: DomainContext, { id, userId }) {
    const [removed] = await db
      .delete(departmentMembers)
      .where(
        and(
          eq(departmentMembers.orgId, actor.orgId),
          eq(departmentMembers.departmentId, id),
          eq(departmentMembers.userId, userId),
        ),
      )
      .returning({ userId: departmentMembers.userId });
    if (!removed) throw new AppError('not_found', 'There is no such person in this department');
    return null;
  },
});

/** Puts a person into a department that is there, whose membership is locked. */
export async function putIntoDepartment(
  { db, actor }: DomainContext,
  { departmentId, userId, isPrimary }: { departmentId: string; userId: string; isPrimary: boolean },
): Promise<z.output<typeof DepartmentMember>> {
  const { orgId } = actor;
  if (isPrimary) {
    await db
      .update(departmentMembers)
      .set({ isPrimary: false })
      .where(and(eq(departmentMembers.orgId, orgId), eq(departmentMembers.userId, userId)));
  }
  const [row] = await db
    .insert(departmentMembers)
    .values({ orgId, departmentId, userId, isPrimary })
    .onConflictDoUpdate({
      target: [departmentMembers.orgId, departmentMembers.departmentId, departmentMembers.userId],
      set: { isPrimary: sql`${departmentMembers.isPrimary} OR excluded.is_primary` },
    })
    .returning({ isPrimary: departmentMembers.isPrimary });
  return { id: departmentId, userId, isPrimary: row?.isPrimary ?? isPrimary };
}

/** Throws `not_found`. Until the transaction ends, the department is not deleted. */
export async function requireDepartment({ db, actor }: DomainContext, id: string): Promise<void> {
  const [found] = await db
    .select({ id: departments.id })
    .from(departments)
    .where(and(eq(departments.orgId, actor.orgId), eq(departments.id, id), isNull(departments.deletedAt)))
    .for('share');
  if (!found) throw new AppError('not_found', 'There is no such department');
}

/** Locks the person's membership, so that two first departments at once follow one another. */
async function requireActiveMember({ db, actor }: DomainContext, userId: string): Promise<void> {
  const [found] = await db
    .select({ id: members.id })
    .from(members)
    .where(and(eq(members.orgId, actor.orgId), eq(members.userId, userId), eq(members.status, 'active')))
    .for('no key update');
  if (!found) throw invalidField({ path: 'userId', message: 'is not an active member' });
}
