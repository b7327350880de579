import { isDeepStrictEqual } from 'node:util';
import { and, count, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type ActionDescription, defineAction } from '#core/action.js';
import { AppError, invalidField } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { members, roles } from '#db/schema/index.js';
import { changeBetween } from '#runtime/audit/change-between.js';
import type { DomainContext } from '#runtime/domain.js';
import { lockPeople } from '#runtime/membership/lock-people.js';
import {
  requireGrantable,
  requireGrantablePermissions,
  requireReach,
} from '#runtime/membership/may-grant.js';
import { findRole } from '#runtime/membership/member.js';
import { withFieldErrors } from '#runtime/resource/database-error.js';
import { fieldsAmong } from '#runtime/resource/resource-table.js';
import { requireVersion } from '#runtime/resource/stale-version.js';
import { textField, titleField } from '#runtime/resource/text-field.js';
import { noteSecurityEvent } from '#runtime/security-events.js';
import { isDefaultRole, presentRole, Role, roleEvents, roleFields } from './role.js';

/** Roles of an organization, the deleted ones included. */
const maxRoles = 200;

const Permissions = z
  .array(z.string().max(100))
  .max(1_000)
  .transform((permissions) => [...new Set(permissions)])
  .describe('resource:verb or resource:*, within your own permissions');

/** Fields of a role that the audit log tells before and after. */
const audited = ['name', 'description', 'permissions'];

const keyPattern = /^[a-z][a-z0-9_]{0,47}$/;

/** Makes a role. Throws `validation` naming a permission that its maker does not hold, `conflict` for a key that is taken. */
export const createRole = defineAction({
  name: 'roles.create',
  title: 'Create role',
  description: 'Makes a role of permissions that you hold yourself.',
  permission: 'roles:create',
  effect: 'write',
  http: { method: 'post', path: '/roles', status: 201 },
  input: z.strictObject({
    key: z
      .string()
      .regex(keyPattern, 'must be lower-case letters, digits and _, beginning with a letter')
      .describe('Names the role in automations; never changes'),
    name: titleField(100),
    description: textField({ max: 2_000 }).optional(),
    permissions: Permissions,
  }),
  output: Role,
  emits: [roleEvents.created.type, 'security.role_changed'],
  async run(context: DomainContext, input) {
    const { db, actor, services, emit, audit } = context;
    const present = await lockPeople(context, createRole);
    requireGrantablePermissions(present, input.permissions, services.catalogue.permissions);
    const [{ made } = { made: 0 }] = await db
      .select({ made: count() })
      .from(roles)
      .where(eq(roles.orgId, actor.orgId));
    if (made >= maxRoles) throw new AppError('conflict', `There are ${maxRoles} roles already`);
    const [row] = await withFieldErrors(roles, () =>
      db
        .insert(roles)
        .values({ ...input, orgId: actor.orgId })
        .returning(roleFields),
    );
    if (!row) throw new AppError('internal', 'The role was not written');
    const role = presentRole(row);
    audit({ after: fieldsAmong(role, ['key', ...audited]) });
    await noteRole(context, role, 'created');
    emit(roleEvents.created, role);
    return role;
  },
});

/**
 * Changes a role for all who have it. Who changes it must hold what it holds, and what it will hold. Throws `forbidden`
 * for a default role and for one that holds more than its editor, `validation` naming a permission.
 */
export const updateRole = defineAction({
  name: 'roles.update',
  title: 'Update role',
  description: 'Changes name or permissions of a role that you made, within your own permissions.',
  permission: 'roles:update',
  effect: 'write',
  http: { method: 'patch', path: '/roles/:id' },
  input: z.strictObject({
    id: z.uuid(),
    name: titleField(100).optional(),
    description: textField({ max: 2_000 }).optional(),
    permissions: Permissions.optional(),
    version: z.int().min(1).optional().describe('The version that was read; refused if it is no longer that'),
  }),
  output: Role,
  emits: [roleEvents.updated.type, 'security.role_changed'],
  async run(context: DomainContext, { id, version, ...changes }) {
    const { db, actor, services, emit, audit } = context;
    const { present, role } = await findEditable(context, updateRole, id);
    await requireVersion(db, 'role', version, role);
    if (changes.permissions) {
      requireGrantablePermissions(present, changes.permissions, services.catalogue.permissions);
    }
    const changed = await write(db, actor.orgId, id, definedOf(changes));
    audit(changeBetween(role, changed, audited));
    if (!isDeepStrictEqual(role.permissions, changed.permissions)) {
      await noteRole(context, changed, 'permissions');
    }
    emit(roleEvents.updated, changed);
    return changed;
  },
});

/**
 * Deletes a role; it can be restored. People who have it get the replacement. Throws `conflict` naming
 * `replacementId` where people have it and there is none.
 */
export const deleteRole = defineAction({
  name: 'roles.delete',
  title: 'Delete role',
  description:
    'Deletes a role that you made, and gives another one to those who have it. It can be restored.',
  permission: 'roles:delete',
  effect: 'destroy',
  http: { method: 'delete', path: '/roles/:id' },
  input: z.strictObject({
    id: z.uuid(),
    replacementId: z.uuid().optional().describe('The role that its holders get'),
  }),
  output: Role,
  emits: [roleEvents.deleted.type, 'security.role_changed'],
  async run(context: DomainContext, { id, replacementId }) {
    const { db, actor, emit, audit } = context;
    const { orgId } = actor;
    const { present } = await findEditable(context, deleteRole, id);
    if (replacementId !== undefined) {
      const replacement = replacementId === id ? undefined : await findRole(db, orgId, replacementId);
      if (!replacement) throw invalidField({ path: 'replacementId', message: 'does not exist' });
      requireGrantable(present, replacement, 'replacementId');
      await db
        .update(members)
        .set({ roleId: replacementId })
        .where(and(eq(members.orgId, orgId), eq(members.roleId, id)));
    }
    const [holder] = await db
      .select({ id: members.id })
      .from(members)
      .where(and(eq(members.orgId, orgId), eq(members.roleId, id)))
      .limit(1);
    if (holder) {
      const message = 'is needed: people have this role';
      throw new AppError('conflict', `replacementId: ${message}`, {
        issues: [{ path: 'replacementId', message }],
      });
    }
    const deleted = await write(db, orgId, id, { deletedAt: sql`now()` });
    const { deletedAt } = deleted;
    audit({ before: { deletedAt: null }, after: { deletedAt, replacementId: replacementId ?? null } });
    await noteRole(context, deleted, 'deleted');
    emit(roleEvents.deleted, deleted);
    return deleted;
  },
});

export const restoreRole = defineAction({
  name: 'roles.restore',
  title: 'Restore role',
  description: 'Brings back a deleted role, within your own permissions. Nobody has it at first.',
  permission: 'roles:delete',
  effect: 'write',
  http: { method: 'post', path: '/roles/:id/restore' },
  input: z.strictObject({ id: z.uuid() }),
  output: Role,
  emits: [roleEvents.restored.type, 'security.role_changed'],
  async run(context: DomainContext, { id }) {
    const { db, actor, emit, audit } = context;
    const present = await lockPeople(context, restoreRole);
    const [role] = await db
      .select(roleFields)
      .from(roles)
      .where(and(eq(roles.orgId, actor.orgId), eq(roles.id, id), isNotNull(roles.deletedAt)));
    if (!role) throw noRole();
    requireReach(present, role);
    const restored = await write(db, actor.orgId, id, { deletedAt: null });
    audit({ before: { deletedAt: role.deletedAt }, after: { deletedAt: null } });
    await noteRole(context, restored, 'restored');
    emit(roleEvents.restored, restored);
    return restored;
  },
});

function noteRole(
  context: DomainContext,
  { id, key }: { id: string; key: string },
  change: 'created' | 'permissions' | 'deleted' | 'restored',
): Promise<void> {
  const details = { roleId: id, key, change };
  return noteSecurityEvent(context, { kind: 'role_changed', details });
}

async function findEditable(context: DomainContext, action: ActionDescription, id: string) {
  const { db, actor } = context;
  const present = await lockPeople(context, action);
  const [role] = await db
    .select(roleFields)
    .from(roles)
    .where(and(eq(roles.orgId, actor.orgId), eq(roles.id, id), isNull(roles.deletedAt)));
  if (!role) throw noRole();
  if (isDefaultRole(role.key)) throw new AppError('forbidden', 'A default role stays as it is: make another');
  requireReach(present, role);
  return { present, role };
}

async function write(db: Transaction, orgId: string, id: string, values: object) {
  const [row] = await db
    .update(roles)
    .set({ ...values, version: sql`${roles.version} + 1`, updatedAt: sql`now()` })
    .where(and(eq(roles.orgId, orgId), eq(roles.id, id)))
    .returning(roleFields);
  if (!row) throw noRole();
  return presentRole(row);
}

function definedOf(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function noRole(): AppError {
  return new AppError('not_found', 'There is no such role');
}
