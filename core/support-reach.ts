import type { ActionDescription } from './action.js';

/**
 * What support reaches within what it was granted, by resource: nothing but what is listed. So it never gets at keys,
 * providers, exports, audit entries with the addresses of people, roles, or whatever lasts longer than the grant, such as
 * a published automation.
 */
const reach: Readonly<Record<string, 'read' | 'write'>> = {
  approvals: 'read',
  automations: 'read',
  connections: 'read',
  deliveries: 'write',
  departments: 'write',
  events: 'read',
  members: 'read',
  organization: 'read',
  permissions: 'read',
  projects: 'write',
  roles: 'read',
  runs: 'write',
  task_views: 'read',
  tasks: 'write',
  variables: 'write',
};

/** True if support may do it where the role that it was granted may. */
export function isOpenToSupport(
  { permission, effect, holdsSecret }: Pick<ActionDescription, 'permission' | 'effect' | 'holdsSecret'>,
  isReadOnly: boolean,
): boolean {
  if (holdsSecret) return false;
  const [resource = '', verb] = permission.split(':');
  const level = Object.hasOwn(reach, resource) ? reach[resource] : undefined;
  if (level === 'read') return effect === 'read' && verb === 'read';
  return level === 'write' && (effect === 'read' || !isReadOnly);
}
