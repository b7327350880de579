import type { Permission } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { holdsPermission } from '#runtime/authorize.js';
import type { Actor } from '#runtime/caller.js';

/** For actions that need a second permission. Throws `forbidden`, with the one that is missing. */
export function requirePermission(actor: Actor, permission: Permission, action: string): void {
  if (holdsPermission(actor, permission)) return;
  throw new AppError('forbidden', `${action} needs the permission ${permission} too`);
}
