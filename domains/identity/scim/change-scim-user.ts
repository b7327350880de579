import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { invalidField } from '#core/errors.js';
import { scimUsers } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { validate } from '#runtime/validate.js';
import { requireFreeName } from './create-scim-user.js';
import { leaveGroups } from './group-roles.js';
import { lockMember, readScimUser } from './read-scim-users.js';
import { applyPatch, ScimOperations } from './scim-patch.js';
import { presentScimUser, ScimUser, ScimUserInput, userAttributes } from './scim-user.js';
import { setActive } from './set-active.js';
import { writeScimUser } from './write-scim-user.js';

const changing = {
  emits: ['member.deactivated', 'member.reactivated', 'security.membership_changed'],
  permission: 'scim:provision',
  effect: 'write',
  output: ScimUser,
} as const;

/** Throws `not_found`, `conflict` for a name that is taken and for the last owner. */
export const replaceScimUser = defineAction({
  ...changing,
  name: 'scim.replace_user',
  title: 'Replace provisioned user',
  description: 'Takes over all that the identity provider says of a member. Their account stays as it is.',
  input: ScimUserInput.extend({ id: z.uuid() }),
  async run(context: DomainContext, { id, ...user }) {
    await lockMember(context.db, context.actor.orgId, id);
    await readScimUser(context.db, context.actor.orgId, id);
    return change(context, id, user);
  },
});

/** As `scim.replace_user`; `validation` for a patch that can't be applied. */
export const patchScimUser = defineAction({
  ...changing,
  name: 'scim.patch_user',
  title: 'Patch provisioned user',
  description: 'Changes what the identity provider says of a member.',
  input: z.object({ id: z.uuid(), operations: ScimOperations }),
  async run(context: DomainContext, { id, operations }) {
    const { db, actor, services } = context;
    await lockMember(db, actor.orgId, id);
    const before = presentScimUser(await readScimUser(db, actor.orgId, id), services.configuration);
    const after = applyPatch(before, operations, userAttributes);
    return change(context, id, validate(ScimUserInput, after));
  },
});

/** Lets a member go; the provider does not see them any more until it makes them anew. Throws `not_found`, `conflict`. */
export const deleteScimUser = defineAction({
  name: 'scim.delete_user',
  title: 'Deprovision user',
  description: 'Deactivates a member whom the identity provider has deleted.',
  permission: 'scim:provision',
  effect: 'destroy',
  emits: [
    'member.deactivated',
    'member.updated',
    'security.membership_changed',
    'security.member_role_changed',
  ],
  input: z.object({ id: z.uuid() }),
  output: z.object({ id: z.uuid() }),
  async run(context: DomainContext, { id }) {
    const { db, actor } = context;
    const { orgId } = actor;
    await lockMember(db, orgId, id);
    await readScimUser(db, orgId, id);
    await setActive(context, { userId: id, isActive: false });
    // The name and id are free for whoever comes next.
    const deleted = { userName: id, externalId: null, deletedAt: sql`now()`, updatedAt: sql`now()` };
    await db
      .insert(scimUsers)
      .values({ orgId, userId: id, attributes: {}, ...deleted })
      .onConflictDoUpdate({ target: [scimUsers.orgId, scimUsers.userId], set: deleted });
    await leaveGroups(context, id);
    return { id };
  },
});

async function change(context: DomainContext, userId: string, user: ScimUserInput): Promise<ScimUser> {
  const { db, actor, services } = context;
  const { orgId } = actor;
  if (user.userName.trim() === '') throw invalidField({ path: 'userName', message: 'must not be empty' });
  await requireFreeName(db, { orgId, userId }, user.userName);
  await writeScimUser(db, { orgId, userId }, user);
  await setActive(context, { userId, isActive: user.active });
  return presentScimUser(await readScimUser(db, orgId, userId), services.configuration);
}
