import { and, eq, ilike, inArray, ne, or, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { roleOfMember } from '#db/member-joins.js';
import { departmentMembers, members, roles, users } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { Member, MemberStatus, memberFields, readMember } from '#runtime/membership/member.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { textField } from '#runtime/resource/text-field.js';

const sorts = { createdAt: byColumn(members.createdAt), name: byColumn(users.name) };

const filters = {
  q: textField({ min: 1, max: 200 }).optional().describe('Part of name, address or title'),
  role: z.string().max(64).optional().describe('Key of a role'),
  departmentId: z.uuid().optional(),
  managerId: z.uuid().optional(),
  status: MemberStatus.optional().describe('All but those who were removed, unless given'),
};

type Filters = z.output<z.ZodObject<typeof filters>>;

/** A page of the organization's members: its directory. */
export const listMembers = defineAction({
  name: 'members.list',
  title: 'List members',
  description: 'Lists the people of the organization, with their roles and departments.',
  permission: 'members:read',
  effect: 'read',
  http: { method: 'get', path: '/members' },
  input: z.strictObject({ ...filters, ...pageInput(sorts, 'createdAt') }),
  output: pageOutput(Member),
  async run({ db, actor }: DomainContext, request) {
    const page = openPage(sorts, members.id, request);
    const rows = await db
      .select({ ...memberFields, ...page.fields })
      .from(members)
      .innerJoin(users, eq(users.id, members.userId))
      .innerJoin(roles, roleOfMember)
      .where(and(eq(members.orgId, actor.orgId), ...conditions(request), page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit);
    return page.close(rows);
  },
});

export const getMember = defineAction({
  name: 'members.get',
  title: 'Get member',
  description: 'Shows one person of the organization.',
  permission: 'members:read',
  effect: 'read',
  http: { method: 'get', path: '/members/:id' },
  input: z.strictObject({ id: z.uuid() }),
  output: Member,
  run: ({ db, actor }: DomainContext, { id }) => readMember(db, actor.orgId, id),
});

function conditions({ q, role, departmentId, managerId, status }: Filters): (SQL | undefined)[] {
  const pattern = `%${q?.replace(/[\\%_]/g, '\\$&')}%`;
  return [
    status === undefined ? ne(members.status, 'removed') : eq(members.status, status),
    q === undefined
      ? undefined
      : or(
          ilike(users.name, pattern),
          ilike(sql`${users.email}::text`, pattern),
          ilike(members.title, pattern),
        ),
    role === undefined ? undefined : eq(roles.key, role),
    managerId === undefined ? undefined : eq(members.managerId, managerId),
    departmentId === undefined
      ? undefined
      : inArray(
          members.userId,
          sql`(SELECT ${departmentMembers.userId} FROM ${departmentMembers}
            WHERE ${departmentMembers.orgId} = ${members.orgId} AND ${departmentMembers.departmentId} = ${departmentId})`,
        ),
  ];
}
