import { z } from 'zod';
import { AgentDefinition } from '#core/agents/definition.js';
import { defineEvent } from '#core/event.js';
import { agentStatuses, agents } from '#db/schema/index.js';
import { textField, titleField } from '#runtime/resource/text-field.js';

/** An agent as callers see it. */
export const Agent = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  avatar: z.string().describe('An emoji'),
  departmentId: z.uuid().nullable(),
  status: z.enum(agentStatuses),
  draft: AgentDefinition.describe('What is edited; what runs is a published version'),
  publishedVersion: z.int().nullable(),
  ownerId: z.uuid(),
  updatedBy: z.uuid().describe('Who changed it last'),
  isRestricted: z
    .boolean()
    .describe('Only those may use it who are named; else everybody who may use agents'),
  version: z.int().describe('Counts changes of this row, for optimistic concurrency'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  deletedAt: z.iso.datetime().nullable(),
});

/** What people change of an agent. */
export const agentFields = {
  name: titleField(200),
  description: textField({ max: 5_000 }),
  avatar: z.string().trim().min(1).max(16),
  departmentId: z.uuid().nullable(),
  draft: AgentDefinition,
};

export const agentColumns = {
  id: agents.id,
  name: agents.name,
  description: agents.description,
  avatar: agents.avatar,
  departmentId: agents.departmentId,
  status: agents.status,
  draft: agents.draft,
  publishedVersion: agents.publishedVersion,
  ownerId: agents.ownerId,
  updatedBy: agents.updatedBy,
  isRestricted: agents.isRestricted,
  version: agents.version,
  createdAt: agents.createdAt,
  updatedAt: agents.updatedAt,
  deletedAt: agents.deletedAt,
};

const payload = z.object({ id: z.uuid(), name: z.string(), publishedVersion: z.int().nullable() });
const describe = (verb: string, title: string) =>
  defineEvent({ type: `agent.${verb}`, title, description: `${title} by somebody.`, payload });

export const agentEvents = {
  created: describe('created', 'An agent was made'),
  updated: describe('updated', 'An agent was changed'),
  deleted: describe('deleted', 'An agent was deleted'),
  restored: describe('restored', 'An agent was brought back'),
  published: describe('published', 'A version of an agent was published'),
  paused: describe('paused', 'An agent was paused'),
  resumed: describe('resumed', 'An agent was resumed'),
  retired: describe('retired', 'An agent was retired'),
};
