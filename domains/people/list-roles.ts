import { and, eq, isNotNull, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { roles } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { presentRole, Role, roleFields } from './role.js';

const sorts = { createdAt: byColumn(roles.createdAt), name: byColumn(roles.name) };

const booleanInput = z.preprocess(
  (value) => (value === 'true' ? true : value === 'false' ? false : value),
  z.boolean(),
);

/** A page of the organization's roles, with what each may do. */
export const listRoles = defineAction({
  name: 'roles.list',
  title: 'List roles',
  description: 'Lists the roles of the organization, with their permissions.',
  permission: 'roles:read',
  effect: 'read',
  http: { method: 'get', path: '/roles' },
  input: z.strictObject({
    deleted: booleanInput.default(false).describe('True: only what was deleted'),
    ...pageInput(sorts, 'createdAt'),
  }),
  output: pageOutput(Role),
  async run({ db, actor }: DomainContext, request) {
    const page = openPage(sorts, roles.id, request);
    const isWanted = request.deleted ? isNotNull(roles.deletedAt) : isNull(roles.deletedAt);
    const rows = await db
      .select({ ...roleFields, ...page.fields })
      .from(roles)
      .where(and(eq(roles.orgId, actor.orgId), isWanted, page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit);
    const { items, nextCursor } = page.close(rows);
    return { items: items.map(presentRole), nextCursor };
  },
});

export const getRole = defineAction({
  name: 'roles.get',
  title: 'Get role',
  description: 'Shows one role, with its permissions.',
  permission: 'roles:read',
  effect: 'read',
  http: { method: 'get', path: '/roles/:id' },
  input: z.strictObject({ id: z.uuid() }),
  output: Role,
  async run({ db, actor }: DomainContext, { id }) {
    const [row] = await db
      .select(roleFields)
      .from(roles)
      .where(and(eq(roles.orgId, actor.orgId), eq(roles.id, id), isNull(roles.deletedAt)));
    if (!row) throw new AppError('not_found', 'There is no such role');
    return presentRole(row);
  },
});
