import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { scimGroupMembers, scimGroups } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { timeOrderedId } from '#runtime/outbox.js';
import { validate } from '#runtime/validate.js';
import { applyGroupRoles, membersOf } from './group-roles.js';
import { ScimPage } from './list-scim-users.js';
import { changeMembers } from './member-changes.js';
import { conditionOf } from './scim-filter.js';
import {
  groupAttributes,
  lockGroup,
  presentScimGroup,
  ScimGroup,
  ScimGroupInput,
  showGroup,
} from './scim-group.js';
import { applyPatch, ScimOperations } from './scim-patch.js';
import { writeGroup, writeMembers } from './write-scim-group.js';

const emits = ['member.updated', 'security.member_role_changed'];
const provisioning = { permission: 'scim:provision', effect: 'write', output: ScimGroup, emits } as const;

const filters = {
  displayname: (value: string) => sql`${scimGroups.displayName} = ${value}::citext`,
  externalid: (value: string) => eq(scimGroups.externalId, value),
  id: (value: string) => sql`${scimGroups.id}::text = ${value}`,
};

/** A page of groups, by name. Throws `validation` naming `filter`. */
export const listScimGroups = defineAction({
  name: 'scim.list_groups',
  title: 'List provisioned groups',
  description: 'Lists the groups of the identity provider.',
  permission: 'scim:provision',
  effect: 'read',
  input: ScimPage.extend({ hasMembers: z.boolean().default(true) }),
  output: z.object({ total: z.int(), startIndex: z.int(), items: z.array(ScimGroup) }),
  async run({ db, actor, services }: DomainContext, { filter, startIndex, count, hasMembers }) {
    const { orgId } = actor;
    const where = and(eq(scimGroups.orgId, orgId), conditionOf(filter, filters));
    const total = await db.$count(scimGroups, where);
    const rows = await db
      .select()
      .from(scimGroups)
      .where(where)
      .orderBy(scimGroups.displayName, scimGroups.id)
      .limit(count)
      .offset(startIndex - 1);
    const items: z.input<typeof ScimGroup>[] = [];
    for (const row of rows) {
      const memberIds = hasMembers ? await membersOf(db, orgId, row.id) : undefined;
      items.push(presentScimGroup(row, memberIds, services.configuration));
    }
    return { total, startIndex, items };
  },
});

/** One group with its members. Throws `not_found`. */
export const getScimGroup = defineAction({
  name: 'scim.get_group',
  title: 'Show provisioned group',
  description: 'Shows a group of the identity provider.',
  permission: 'scim:provision',
  effect: 'read',
  input: z.object({ id: z.uuid() }),
  output: ScimGroup,
  run: ({ db, actor, services }: DomainContext, { id }) =>
    showGroup(db, { orgId: actor.orgId, id }, services.configuration),
});

/** Throws `conflict` for a name that is taken, `validation` naming `members`. */
export const createScimGroup = defineAction({
  ...provisioning,
  name: 'scim.create_group',
  title: 'Provision group',
  description: 'Makes a group. It gives nobody a role until somebody says which one.',
  input: ScimGroupInput,
  async run(context: DomainContext, { members, ...said }) {
    const { db, actor, services } = context;
    const group = { orgId: actor.orgId, id: timeOrderedId() };
    await writeGroup(db, group, said);
    const wanted = new Set(members?.map(({ value }) => value));
    await writeMembers(context, { id: group.id, roleId: null }, wanted);
    return showGroup(db, group, services.configuration);
  },
});

/** Throws `not_found`, `conflict`, `validation` naming `members`. */
export const replaceScimGroup = defineAction({
  ...provisioning,
  name: 'scim.replace_group',
  title: 'Replace provisioned group',
  description: 'Takes over name and members of a group.',
  input: ScimGroupInput.extend({ id: z.uuid() }),
  async run(context: DomainContext, { id, members, ...said }) {
    const { db, actor, services } = context;
    const { orgId } = actor;
    const group = await lockGroup(db, orgId, id);
    await writeGroup(db, { orgId, id }, said);
    await writeMembers(context, group, new Set(members?.map(({ value }) => value)));
    return showGroup(db, { orgId, id }, services.configuration);
  },
});

/** As `scim.replace_group`; `validation` naming `path` for a patch that can't be applied. */
export const patchScimGroup = defineAction({
  ...provisioning,
  name: 'scim.patch_group',
  title: 'Patch provisioned group',
  description: 'Changes name or members of a group.',
  input: z.object({ id: z.uuid(), operations: ScimOperations }),
  async run(context: DomainContext, { id, operations }) {
    const { db, actor, services } = context;
    const { orgId } = actor;
    const group = await lockGroup(db, orgId, id);
    const { memberIds, others } = changeMembers(await membersOf(db, orgId, id), operations);
    const { displayName, externalId } = group;
    const patched = applyPatch({ displayName, externalId }, others, groupAttributes);
    await writeGroup(db, { orgId, id }, validate(ScimGroupInput, patched));
    await writeMembers(context, group, memberIds);
    return showGroup(db, { orgId, id }, services.configuration);
  },
});

/** Its people lose the role that it gave. Throws `not_found`. */
export const deleteScimGroup = defineAction({
  name: 'scim.delete_group',
  title: 'Delete provisioned group',
  description: 'Removes a group of the identity provider.',
  permission: 'scim:provision',
  effect: 'destroy',
  emits,
  input: z.object({ id: z.uuid() }),
  output: z.object({ id: z.uuid() }),
  async run(context: DomainContext, { id }) {
    const { db, actor } = context;
    const { orgId } = actor;
    const { roleId } = await lockGroup(db, orgId, id);
    const left = await db
      .delete(scimGroupMembers)
      .where(and(eq(scimGroupMembers.orgId, orgId), eq(scimGroupMembers.groupId, id)))
      .returning({ userId: scimGroupMembers.userId });
    await db.delete(scimGroups).where(and(eq(scimGroups.orgId, orgId), eq(scimGroups.id, id)));
    if (roleId !== null)
      await applyGroupRoles(
        context,
        left.map(({ userId }) => userId),
      );
    return { id };
  },
});
