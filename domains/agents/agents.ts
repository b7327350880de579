import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { agentStatuses, departments, agents as table } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { defineResource } from '#runtime/resource/define-resource.js';
import { equals } from '#runtime/resource/filters.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { Agent, agentEvents, agentFields } from './agent.js';
import { agentPolicy } from './agent-policy.js';
import { insertAgent } from './insert-agent.js';

const resource = defineResource({
  name: 'agents',
  singular: 'agent',
  table,
  output: Agent,
  create: z.object({}),
  update: z.object(agentFields),
  filters: {
    status: equals(table.status, z.enum(agentStatuses)),
    departmentId: equals(table.departmentId, z.uuid()),
    ownerId: equals(table.ownerId, z.uuid()),
  },
  sorts: {
    createdAt: byColumn(table.createdAt),
    updatedAt: byColumn(table.updatedAt),
    name: byColumn(table.name),
  },
  defaultSort: '-createdAt',
  events: {
    created: agentEvents.created,
    updated: agentEvents.updated,
    deleted: agentEvents.deleted,
    restored: agentEvents.restored,
  },
  http: { path: '/agents' },
  policy: agentPolicy,
  check: async ({ db }, { departmentId }) => {
    if (departmentId === undefined || departmentId === null) return [];
    const [found] = await db
      .select({ id: departments.id })
      .from(departments)
      .where(and(eq(departments.id, departmentId), isNull(departments.deletedAt)));
    return found ? [] : [{ path: 'departmentId', message: 'there is no such department' }];
  },
});

/** Creating is a verb of its own: an agent belongs to whoever makes it. */
const createAgent = defineAction({
  name: 'agents.create',
  title: 'Create agent',
  description: 'Saves a new agent as a draft. It does nothing until it is published.',
  permission: 'agents:create',
  effect: 'write',
  http: { method: 'post', path: '/agents', status: 201 },
  input: z.strictObject({
    id: z.uuid().optional().describe('Chosen by the caller; made by the server if absent'),
    name: agentFields.name,
    description: agentFields.description.default(''),
    avatar: agentFields.avatar.default('🤖'),
    departmentId: agentFields.departmentId.default(null),
    draft: agentFields.draft,
  }),
  output: Agent,
  emits: [agentEvents.created.type],
  run: (context: DomainContext, input) => insertAgent(context, input),
});

export const agentActions = [
  ...resource.actions.filter(({ name }) => name !== 'agents.create' && name !== 'agents.delete'),
  createAgent,
];
