import type { Permission } from '#core/action.js';
import { AppError, type ErrorIssue } from '#core/errors.js';
import { holdsPermission } from '#runtime/authorize.js';
import type { Actor } from '#runtime/caller.js';

/**
 * Throws `validation` naming each scope that no action asks for, or that the maker does not hold: by their role now
 * and, where they act through a key or grant, by its scopes too.
 */
export function checkScopes(scopes: readonly Permission[], actor: Actor, known: readonly string[]): void {
  const issues = scopes.flatMap((scope, index): ErrorIssue[] => {
    const path = `scopes.${index}`;
    if (!isKnown(scope, known)) return [{ path, message: `${scope} is not a permission` }];
    return holdsPermission(actor, scope)
      ? []
      : [{ path, message: `${scope} is not among your own permissions` }];
  });
  const [first] = issues;
  if (first) throw new AppError('validation', `${first.path}: ${first.message}`, { issues });
}

function isKnown(scope: Permission, known: readonly string[]): boolean {
  const [resource, verb] = scope.split(':');
  return verb === '*' ? known.some((name) => name.startsWith(`${resource}:`)) : known.includes(scope);
}
