import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { roles } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';

const Role = z.object({
  id: z.uuid(),
  key: z.string(),
  name: z.string(),
  permissions: z.array(z.string()).describe('resource:verb, resource:* or *'),
  createdAt: z.string(),
});

const sorts = { createdAt: byColumn(roles.createdAt), name: byColumn(roles.name) };

/** A page of the organization's roles, with what each may do. */
export const listRoles = defineAction({
  name: 'roles.list',
  title: 'List roles',
  description: 'Lists the roles of the organization, with their permissions.',
  permission: 'roles:read',
  effect: 'read',
  http: { method: 'get', path: '/roles' },
  input: z.strictObject(pageInput(sorts, 'createdAt')),
  output: pageOutput(Role),
  async run({ db, actor }: DomainContext, request) {
    const page = openPage(sorts, roles.id, request);
    const rows = await db
      .select({
        id: roles.id,
        key: roles.key,
        name: roles.name,
        permissions: roles.permissions,
        createdAt: roles.createdAt,
        ...page.fields,
      })
      .from(roles)
      .where(and(eq(roles.orgId, actor.orgId), page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit);
    return page.close(rows);
  },
});
