import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { scimGroups } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { checkGivenRoles } from '../sso/role-mapping.js';
import { applyGroupRoles, membersOf } from './group-roles.js';
import { lockGroup } from './scim-group.js';

const MappedGroup = z.object({
  id: z.uuid(),
  displayName: z.string(),
  externalId: z.string().nullable(),
  roleId: z.uuid().nullable().describe('The role that its members have; null: it gives none'),
  priority: z.int().describe('Of several groups with a role, the smallest decides'),
  createdAt: z.string(),
});

const fields = {
  id: scimGroups.id,
  displayName: scimGroups.displayName,
  externalId: scimGroups.externalId,
  roleId: scimGroups.roleId,
  priority: scimGroups.priority,
  createdAt: scimGroups.createdAt,
};

const sorts = { createdAt: byColumn(scimGroups.createdAt) };

export const listMappedGroups = defineAction({
  name: 'scim_groups.list',
  title: 'List groups of the identity provider',
  description: 'Lists the groups that the identity provider sends, and the roles that they give.',
  permission: 'scim_groups:read',
  effect: 'read',
  http: { method: 'get', path: '/scim-groups' },
  input: z.strictObject(pageInput(sorts, 'createdAt')),
  output: pageOutput(MappedGroup),
  async run({ db, actor }: DomainContext, request) {
    const page = openPage(sorts, scimGroups.id, request);
    const rows = await db
      .select({ ...fields, ...page.fields })
      .from(scimGroups)
      .where(and(eq(scimGroups.orgId, actor.orgId), page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit);
    return page.close(rows);
  },
});

/** Throws `validation` naming `roleId` for the role of owners, and for one that holds more than who maps it. */
export const mapScimGroup = defineAction({
  name: 'scim_groups.map',
  title: 'Map group to a role',
  description: 'Says which role the members of a group have, now and when they come. Owners stay owners.',
  permission: 'scim_groups:update',
  effect: 'write',
  needsRecentSignIn: true,
  http: { method: 'post', path: '/scim-groups/:id/map' },
  emits: ['member.updated', 'security.member_role_changed'],
  input: z.strictObject({
    id: z.uuid(),
    roleId: z.uuid().nullable(),
    priority: z.int().min(1).max(10_000).optional(),
  }),
  output: MappedGroup,
  async run(context: DomainContext, { id, roleId, priority }) {
    const { db, actor, audit } = context;
    const { orgId } = actor;
    const before = await lockGroup(db, orgId, id);
    if (roleId !== null) await checkGivenRoles(db, actor, [{ path: 'roleId', roleId }]);
    const [mapped] = await db
      .update(scimGroups)
      .set({ roleId, ...(priority !== undefined && { priority }), updatedAt: sql`now()` })
      .where(and(eq(scimGroups.orgId, orgId), eq(scimGroups.id, id)))
      .returning(fields);
    if (!mapped) throw new AppError('not_found', 'There is no such group');
    const isRelevant = before.roleId !== null || roleId !== null;
    if (isRelevant) await applyGroupRoles(context, await membersOf(db, orgId, id));
    audit({ before: { roleId: before.roleId }, after: { roleId, priority: mapped.priority } });
    return mapped;
  },
});
