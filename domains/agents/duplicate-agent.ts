import { z } from 'zod';
import { defineAction } from '#core/action.js';
import type { DomainContext } from '#runtime/domain.js';
import { Agent, agentEvents, agentFields } from './agent.js';
import { findAgent } from './find-agent.js';
import { insertAgent } from './insert-agent.js';

const suffix = ' (copy)';
const maxNameLength = 200;

export const duplicateAgent = defineAction({
  name: 'agents.duplicate',
  title: 'Duplicate agent',
  description: 'Makes a new agent of the draft of another one. It is yours, unpublished and open to all.',
  permission: 'agents:create',
  effect: 'write',
  http: { method: 'post', path: '/agents/:id/duplicate', status: 201 },
  input: z.strictObject({
    id: z.uuid(),
    name: agentFields.name.optional().describe('The name of the first one with "(copy)" unless given'),
  }),
  output: Agent,
  emits: [agentEvents.created.type],
  async run(context: DomainContext, { id, name: wanted }) {
    const { name: original, description, avatar, departmentId, draft } = await findAgent(context, id);
    const name = wanted ?? original.slice(0, maxNameLength - suffix.length) + suffix;
    return insertAgent(context, { name, description, avatar, departmentId, draft });
  },
});
