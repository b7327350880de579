import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { AppError, type ErrorIssue } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { roles } from '#db/schema/index.js';
import { holdsPermission } from '#runtime/authorize.js';
import type { Actor } from '#runtime/caller.js';
import { textField } from '#runtime/resource/text-field.js';

/** Which role a value of a claim leads to. The first entry whose value a person has decides. */
export const RoleMapping = z
  .array(z.strictObject({ value: textField({ min: 1, max: 500 }), roleId: z.uuid() }))
  .max(200);
export type RoleMapping = z.output<typeof RoleMapping>;

/** A role that somebody wants to give, and the field that says so. */
export interface GivenRole {
  path: string;
  roleId: string;
}

/**
 * Throws `validation` naming each role that there is not, that is the owner's, or that holds what its giver does not
 * hold now: whoever sets up how roles are given must not give more than they have.
 */
export async function checkGivenRoles(
  db: Transaction,
  actor: Actor,
  given: readonly GivenRole[],
): Promise<void> {
  if (given.length === 0) return;
  const ids = [...new Set(given.map(({ roleId }) => roleId))];
  const found = await db
    .select({ id: roles.id, key: roles.key, permissions: roles.permissions })
    .from(roles)
    .where(and(eq(roles.orgId, actor.orgId), inArray(roles.id, ids)));
  const byId = new Map(found.map((role) => [role.id, role]));
  const issues = given.flatMap(({ path, roleId }): ErrorIssue[] => {
    const role = byId.get(roleId);
    if (!role) return [{ path, message: 'does not exist' }];
    if (role.key === 'owner')
      return [{ path, message: 'is the role of owners, which is given by hand only' }];
    return role.permissions.every((permission) => mayGive(actor, permission))
      ? []
      : [{ path, message: 'holds more than your own role' }];
  });
  const [first] = issues;
  if (first) throw new AppError('validation', `${first.path}: ${first.message}`, { issues });
}

/** The roles that a default and a mapping give, by field. */
export function rolesIn({
  defaultRoleId,
  roleMapping = [],
}: {
  defaultRoleId?: string | undefined;
  roleMapping?: RoleMapping | undefined;
}): GivenRole[] {
  const mapped = roleMapping.map(({ roleId }, index) => ({ path: `roleMapping.${index}.roleId`, roleId }));
  return defaultRoleId === undefined ? mapped : [{ path: 'defaultRoleId', roleId: defaultRoleId }, ...mapped];
}

/** The first role of the mapping that a person's values lead to. */
export function mappedRole(mapping: RoleMapping, values: readonly string[]): string | undefined {
  return mapping.find(({ value }) => values.includes(value))?.roleId;
}

function mayGive(actor: Actor, permission: string): boolean {
  const [resource = '', verb] = permission.split(':');
  if (verb !== undefined) return holdsPermission(actor, `${resource}:${verb}`);
  return actor.permissions.includes(permission) && (actor.scopes?.includes(permission) ?? true);
}
