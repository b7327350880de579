import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { automations } from '#db/schema/index.js';
import { defineResource } from '#runtime/resource/define-resource.js';
import { equals } from '#runtime/resource/filters.js';
import { presentRows } from '#runtime/resource/present-rows.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { Automation, AutomationRow, presentAutomation } from './automation.js';
import { Draft } from './draft.js';
import { automationCreated, automationDeleted, automationRestored, automationUpdated } from './events.js';

export const automationFields = {
  name: z.string().trim().min(1).max(200),
  description: z.string().max(5_000),
};

const resource = defineResource({
  name: 'automations',
  singular: 'automation',
  table: automations,
  output: AutomationRow,
  create: z.object({}),
  update: z.object({ ...automationFields, draft: Draft }),
  filters: {
    status: equals(automations.status, z.enum(['draft', 'active', 'paused'])),
    name: equals(automations.name, z.string()),
    ownerId: equals(automations.ownerId, z.uuid()),
    q: {
      schema: z.string().trim().max(200).describe('Found in the name'),
      where: (text) => sql`position(lower(${text}) in lower(${automations.name})) > 0`,
    },
  },
  sorts: {
    createdAt: byColumn(automations.createdAt),
    updatedAt: byColumn(automations.updatedAt),
    name: byColumn(automations.name),
  },
  defaultSort: '-createdAt',
  events: {
    created: automationCreated,
    updated: automationUpdated,
    deleted: automationDeleted,
    restored: automationRestored,
  },
  http: { path: '/automations' },
});

/** Creating and deleting are verbs of their own: one makes addresses, the other stops listening. */
export const automationActions = presentRows(
  resource.actions.filter(({ name }) => name !== 'automations.create' && name !== 'automations.delete'),
  { row: AutomationRow, output: Automation, present: presentAutomation },
);
export const automationEvents = resource.events;
