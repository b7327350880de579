import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { members, roles, users } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';

const Member = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  name: z.string(),
  email: z.string(),
  role: z.object({ key: z.string(), name: z.string() }),
  status: z.enum(['active', 'deactivated']),
  createdAt: z.string(),
});

const sorts = { createdAt: byColumn(members.createdAt), name: byColumn(users.name) };

/** A page of the organization's members. */
export const listMembers = defineAction({
  name: 'members.list',
  title: 'List members',
  description: 'Lists the people of the organization, with their roles.',
  permission: 'members:read',
  effect: 'read',
  http: { method: 'get', path: '/members' },
  input: z.strictObject(pageInput(sorts, 'createdAt')),
  output: pageOutput(Member),
  async run({ db, actor }: DomainContext, request) {
    const page = openPage(sorts, members.id, request);
    const rows = await db
      .select({
        id: members.id,
        userId: members.userId,
        name: users.name,
        email: users.email,
        role: { key: roles.key, name: roles.name },
        // Those who were erased are left out by the join: nobody sees their account.
        status: sql<'active' | 'deactivated'>`${members.status}`,
        createdAt: members.createdAt,
        ...page.fields,
      })
      .from(members)
      .innerJoin(users, eq(users.id, members.userId))
      .innerJoin(roles, and(eq(roles.orgId, members.orgId), eq(roles.id, members.roleId)))
      .where(and(eq(members.orgId, actor.orgId), page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit);
    return page.close(rows);
  },
});
