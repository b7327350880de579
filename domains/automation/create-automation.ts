import { z } from 'zod';
import { defineAction } from '#core/action.js';
import type { DomainContext } from '#runtime/domain.js';
import { Automation } from './automation.js';
import { automationFields } from './automation-resource.js';
import { Draft } from './draft.js';
import { automationCreated } from './events.js';
import { insertAutomation } from './insert-automation.js';

export const createAutomation = defineAction({
  name: 'automations.create',
  title: 'Create automation',
  description: 'Saves a new automation as a draft. It does nothing until it is published.',
  permission: 'automations:create',
  effect: 'write',
  http: { method: 'post', path: '/automations', status: 201 },
  input: z.strictObject({
    id: z.uuid().optional().describe('Chosen by the caller; made by the server if absent'),
    name: automationFields.name,
    description: automationFields.description.default(''),
    draft: Draft.describe('The definition: trigger, nodes, edges'),
  }),
  output: Automation,
  emits: [automationCreated.type],
  run: (context: DomainContext, input) => insertAutomation(context, input),
});
