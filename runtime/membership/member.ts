import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import { defineEvent } from '#core/event.js';
import type { Transaction } from '#db/client.js';
import { roleOfMember } from '#db/member-joins.js';
import { departmentMembers, departments, members, roles, users } from '#db/schema/index.js';

export const MemberStatus = z.enum(['active', 'deactivated', 'removed']);

const InDepartment = z.object({ id: z.uuid(), name: z.string(), isPrimary: z.boolean() });

/** A member as callers see them. */
export const Member = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  name: z.string(),
  email: z.string(),
  title: z.string(),
  roleId: z.uuid(),
  role: z.object({ key: z.string(), name: z.string() }),
  status: MemberStatus,
  managerId: z.uuid().nullable().describe('User to whom they report'),
  departments: z.array(InDepartment),
  createdAt: z.string(),
});

/** Columns that Member shows, of members joined with users and roles. */
export const memberFields = {
  id: members.id,
  userId: members.userId,
  name: users.name,
  email: users.email,
  title: members.title,
  roleId: members.roleId,
  role: { key: roles.key, name: roles.name },
  // Those who were erased are left out by the join: nobody sees their account.
  status: sql<z.output<typeof MemberStatus>>`${members.status}`,
  managerId: members.managerId,
  departments: sql<z.output<typeof InDepartment>[]>`(
    SELECT coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'name', d.name, 'isPrimary', dm.is_primary)
      ORDER BY dm.is_primary DESC, d.name, d.id), '[]')
    FROM ${departmentMembers} dm JOIN ${departments} d ON d.org_id = dm.org_id AND d.id = dm.department_id
    WHERE dm.org_id = ${members.orgId} AND dm.user_id = ${members.userId} AND d.deleted_at IS NULL)`,
  createdAt: members.createdAt,
};

const event = (verb: string, description: string) =>
  defineEvent({
    type: `member.${verb}`,
    title: `Member ${verb}`,
    description,
    payload: Member.omit({ email: true }),
  });

export const memberEvents = {
  updated: event('updated', 'Title, role, manager or department of a member changed.'),
  deactivated: event('deactivated', 'A member may not act until they are reactivated.'),
  reactivated: event('reactivated', 'A deactivated member may act again.'),
  removed: event('removed', 'A member was removed from the organization.'),
};

type Member = z.output<typeof Member>;

/** One member, whatever their status. Throws `not_found`. */
export function readMember(db: Transaction, orgId: string, id: string): Promise<Member> {
  return readWhere(db, orgId, eq(members.id, id));
}

/** The same by the id of the person. */
export function readMemberOfUser(db: Transaction, orgId: string, userId: string): Promise<Member> {
  return readWhere(db, orgId, eq(members.userId, userId));
}

async function readWhere(db: Transaction, orgId: string, isWanted: SQL): Promise<Member> {
  const [row] = await db
    .select(memberFields)
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .innerJoin(roles, roleOfMember)
    .where(and(eq(members.orgId, orgId), isWanted));
  if (!row) throw noMember();
  return row;
}

/** What changes of a member look at. Throws `not_found`, also for one who was removed. */
export async function findMember(db: Transaction, orgId: string, id: string) {
  const [row] = await db
    .select({
      id: members.id,
      userId: members.userId,
      status: members.status,
      roleId: members.roleId,
      managerId: members.managerId,
      role: { key: roles.key, permissions: roles.permissions },
    })
    .from(members)
    .innerJoin(roles, roleOfMember)
    .where(and(eq(members.orgId, orgId), eq(members.id, id)));
  if (!row || row.status === 'removed' || row.status === 'erased') throw noMember();
  return row;
}

/** A role that can be given. Undefined if there is none, or it is deleted. */
export async function findRole(db: Transaction, orgId: string, id: string) {
  const [row] = await db
    .select({ id: roles.id, key: roles.key, name: roles.name, permissions: roles.permissions })
    .from(roles)
    .where(and(eq(roles.orgId, orgId), eq(roles.id, id), isNull(roles.deletedAt)));
  return row;
}

function noMember(): AppError {
  return new AppError('not_found', 'There is no such member');
}
