import { type ActionDescription, isOfPlatform, type Permission } from '#core/action.js';
import { holdsPermission } from '#runtime/authorize.js';
import type { Actor } from '#runtime/caller.js';

/** One permission and the actions that ask for it. */
export interface DescribedPermission {
  permission: Permission;
  verb: string;
  title: string;
  description: string;
  isHeld: boolean;
  actions: Pick<ActionDescription, 'name' | 'title' | 'description' | 'effect'>[];
}

/** The permissions of a catalogue by resource, each described by its actions; sorted. */
export function describePermissions(
  { actions }: { actions: ReadonlyMap<string, ActionDescription> },
  actor: Pick<Actor, 'permissions' | 'scopes'>,
): { resource: string; title: string; permissions: DescribedPermission[] }[] {
  const askedBy = new Map<Permission, ActionDescription[]>();
  for (const action of actions.values()) {
    if (action.permission === 'public' || action.permission === 'self') continue;
    if (isOfPlatform(action.permission)) continue;
    askedBy.set(action.permission, [...(askedBy.get(action.permission) ?? []), action]);
  }
  const described = [...askedBy]
    .map(([permission, asking]) => describe(permission, asking, actor))
    .sort((a, b) => a.permission.localeCompare(b.permission));
  const resources = [...new Set(described.map(({ permission }) => resourceOf(permission)))];
  return resources.map((resource) => ({
    resource,
    title: inWords(resource),
    permissions: described.filter(({ permission }) => resourceOf(permission) === resource),
  }));
}

function describe(
  permission: Permission,
  asking: readonly ActionDescription[],
  actor: Pick<Actor, 'permissions' | 'scopes'>,
): DescribedPermission {
  const verb = permission.slice(permission.indexOf(':') + 1);
  return {
    permission,
    verb,
    title: `${inWords(resourceOf(permission))}: ${verb.replaceAll('_', ' ')}`,
    description: asking.map(({ title }) => title).join(', '),
    isHeld: holdsPermission(actor, permission),
    actions: asking.map(({ name, title, description, effect }) => ({ name, title, description, effect })),
  };
}

function resourceOf(permission: string): string {
  return permission.slice(0, permission.indexOf(':'));
}

/** `api_keys` becomes `Api keys`. */
function inWords(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
