import { isOfPlatform, type Permission } from './action.js';

/**
 * True if one of `held` covers `wanted`. Held entries are `resource:verb`, `resource:*` or `*`; none covers `self` and
 * what is the platform's, which are a matter of who asks.
 */
export function isPermitted(held: readonly string[], wanted: Permission): boolean {
  if (wanted === 'public') return true;
  if (wanted === 'self' || isOfPlatform(wanted)) return false;
  const [resource] = wanted.split(':');
  return held.includes(wanted) || held.includes(`${resource}:*`) || held.includes('*');
}

/** Key of the role that only its holders give and take. */
export const ownerRole = 'owner';

/** Those of `wanted` (`resource:verb`, `resource:*` or `*`) that `held` does not cover. */
export function permissionsBeyond(held: readonly string[], wanted: readonly string[]): string[] {
  return wanted.filter((permission) => !covers(held, permission));
}

function covers(held: readonly string[], wanted: string): boolean {
  const [resource] = wanted.split(':');
  return held.includes('*') || held.includes(wanted) || (wanted !== '*' && held.includes(`${resource}:*`));
}

/** What everybody may do with what is kept of them. */
const ownData = [
  'exports:create',
  'exports:read',
  'exports:download',
  'identity:erase',
  'consents:record',
  'consents:read',
] as const;

/** The default roles of a new organization, most powerful first. */
export const defaultRoles = [
  { key: 'owner', name: 'Owner', permissions: ['*'] },
  {
    key: 'admin',
    name: 'Admin',
    permissions: ['*'],
  },
  {
    key: 'manager',
    name: 'Manager',
    permissions: [
      'projects:*',
      'tasks:*',
      'task_views:*',
      'automations:*',
      'runs:read',
      'runs:cancel',
      'approvals:*',
      'connections:*',
      'deliveries:*',
      'variables:*',
      'events:read',
      'identity:read',
      'roles:read',
      'permissions:read',
      'organization:read',
      'members:read',
      'departments:read',
      'invites:*',
      'github:*',
      'slack:*',
      'email:*',
      'http:*',
      'code:run',
      'agents:*',
      'agent_runs:*',
      'agent_memories:*',
      'ai:use',
      'ai_settings:read',
      'ai_calls:read',
      'ai_usage:read',
      'budgets:read',
      'api_keys:*',
      ...ownData,
    ],
  },
  {
    key: 'member',
    name: 'Member',
    permissions: [
      'projects:read',
      'tasks:*',
      'task_views:*',
      'identity:read',
      'roles:read',
      'events:read',
      'automations:read',
      'runs:read',
      'approvals:*',
      'connections:read',
      'variables:read',
      'organization:read',
      'members:read',
      'departments:read',
      'agents:read',
      'agents:use',
      'agent_runs:read',
      'agent_memories:*',
      'ai:use',
      'api_keys:*',
      ...ownData,
    ],
  },
  {
    key: 'guest',
    name: 'Guest',
    permissions: [
      'identity:read',
      'projects:read',
      'tasks:read',
      'task_views:read',
      'events:read',
      ...ownData,
    ],
  },
] as const;
