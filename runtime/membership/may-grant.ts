import { AppError, type ErrorIssue, invalidField } from '#core/errors.js';
import { ownerRole, permissionsBeyond } from '#core/permission.js';
import { isOwner } from '../authorize.js';
import type { Actor } from '../caller.js';

/** What decides what somebody may give. */
export type Granter = Pick<Actor, 'role' | 'session' | 'permissions' | 'scopes'>;

/** What is known of a role where it is given or taken. */
export interface GrantedRole {
  key: string;
  permissions: readonly string[];
}

/** Permissions that an actor does not hold: by their role, and by the scopes of key or grant. Empty if they hold all. */
export function beyondActor(
  { permissions, scopes }: Pick<Actor, 'permissions' | 'scopes'>,
  wanted: readonly string[],
): string[] {
  const beyond = new Set(permissionsBeyond(permissions, wanted));
  if (scopes !== null) for (const permission of permissionsBeyond(scopes, wanted)) beyond.add(permission);
  return wanted.filter((permission) => beyond.has(permission));
}

/**
 * Throws `validation` at `path` for a role that holds what the actor does not: nobody gives away more than they have.
 * The role of owners is given by owners only.
 */
export function requireGrantable(actor: Granter, role: GrantedRole, path: string): void {
  if (role.key === ownerRole && !isOwner(actor)) {
    throw invalidField({ path, message: 'is given by owners only, in person' });
  }
  const [first] = beyondActor(actor, role.permissions);
  if (first === undefined) return;
  throw invalidField({ path, message: `holds ${nameOf(first)}, which is not among your own permissions` });
}

/** Throws `forbidden` where somebody's role holds what the actor does not: nobody acts on whom they don't reach. */
export function requireReach(actor: Granter, role: GrantedRole): void {
  const isBeyond = role.key === ownerRole ? !isOwner(actor) : beyondActor(actor, role.permissions).length > 0;
  if (isBeyond) throw new AppError('forbidden', 'The role of this person holds more than your own');
}

/** Throws `validation` naming each permission that no action asks for, or that the actor does not hold. */
export function requireGrantablePermissions(
  actor: Granter,
  permissions: readonly string[],
  known: readonly string[],
): void {
  const beyond = new Set(beyondActor(actor, permissions));
  const issues = permissions.flatMap((permission, index): ErrorIssue[] => {
    const path = `permissions.${index}`;
    if (!isKnown(permission, known)) return [{ path, message: `${permission} is not a permission` }];
    return beyond.has(permission)
      ? [{ path, message: `${permission} is not among your own permissions` }]
      : [];
  });
  const [first] = issues;
  if (first) throw new AppError('validation', `${first.path}: ${first.message}`, { issues });
}

function isKnown(permission: string, known: readonly string[]): boolean {
  const [resource, verb] = permission.split(':');
  return verb === '*' ? known.some((name) => name.startsWith(`${resource}:`)) : known.includes(permission);
}

function nameOf(permission: string): string {
  return permission === '*' ? 'every permission' : permission;
}
