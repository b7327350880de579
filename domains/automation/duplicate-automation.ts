import { z } from 'zod';
import { defineAction } from '#core/action.js';
import type { DomainContext } from '#runtime/domain.js';
import { Automation } from './automation.js';
import { automationFields } from './automation-resource.js';
import { fieldsOf } from './diff/comparable-definition.js';
import { automationCreated } from './events.js';
import { findAutomation } from './find-automation.js';
import { insertAutomation } from './insert-automation.js';
import { requirePermission } from './require-permission.js';

const suffix = ' (copy)';
const maxNameLength = 200;

export const duplicateAutomation = defineAction({
  name: 'automations.duplicate',
  title: 'Duplicate automation',
  description: 'Makes a new, unpublished automation of the draft of another one, with addresses of its own.',
  permission: 'automations:create',
  effect: 'write',
  http: { method: 'post', path: '/automations/:id/duplicate', status: 201 },
  input: z.strictObject({
    id: z.uuid(),
    name: automationFields.name.optional().describe('The name of the first one with "(copy)" unless given'),
  }),
  output: Automation,
  emits: [automationCreated.type],
  async run(context: DomainContext, { id, name: wanted }) {
    requirePermission(context.actor, 'automations:read', 'automations.duplicate');
    const { name: original, description, draft } = await findAutomation(context.db, id);
    const name = wanted ?? original.slice(0, maxNameLength - suffix.length) + suffix;
    return insertAutomation(context, { name, description, draft: { ...fieldsOf(draft), name } });
  },
});
