import { z } from 'zod';
import { defineAction } from '#core/action.js';
import type { DomainContext } from '#runtime/domain.js';
import { describePermissions } from './permission-catalogue.js';

const ActionSummary = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  effect: z.string(),
});

const Group = z.object({
  resource: z.string(),
  title: z.string(),
  permissions: z.array(
    z.object({
      permission: z.string(),
      verb: z.string(),
      title: z.string(),
      description: z.string(),
      isHeld: z.boolean().describe('You hold it, and so may give it'),
      actions: z.array(ActionSummary),
    }),
  ),
});

/** Every permission that some action asks for, by resource: what roles are made of. */
export const listPermissions = defineAction({
  name: 'permissions.list',
  title: 'List permissions',
  description: 'Lists every permission that there is, by resource, with what it allows.',
  permission: 'permissions:read',
  effect: 'read',
  http: { method: 'get', path: '/permissions' },
  input: z.strictObject({}),
  output: z.object({ items: z.array(Group) }),
  async run({ actor, services }: DomainContext) {
    return { items: describePermissions(services.catalogue, actor) };
  },
});
