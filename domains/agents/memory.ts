import { z } from 'zod';
import { memoryScopes } from '#core/agents/memory.js';
import { defineEvent } from '#core/event.js';
import { agentMemories } from '#db/schema/index.js';
import { textField } from '#runtime/resource/text-field.js';

/** A memory as callers see it. */
export const AgentMemory = z.object({
  id: z.uuid(),
  scope: z
    .enum(memoryScopes)
    .describe('Who knows it: all agents, one agent, or all agents when they act for one person'),
  agentId: z.uuid().nullable().describe('Of the scope `agent`'),
  userId: z.uuid().nullable().describe('Of the scope `user`'),
  text: z.string(),
  createdBy: z.uuid().describe('Who wrote it, or on whose behalf an agent did'),
  updatedBy: z.uuid().describe('Who changed it last'),
  writtenByAgentId: z.uuid().nullable().describe('Null: a person wrote it'),
  runId: z.uuid().nullable().describe('In which it was written; it may be gone by now'),
  message: z.int().nullable().describe('Number of the last words of the person before it was written'),
  isTainted: z.boolean().describe('Text from outside had come into the run; a person has approved it'),
  expiresAt: z.iso.datetime().nullable(),
  version: z.int().describe('Counts changes of this row, for optimistic concurrency'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  deletedAt: z.iso.datetime().nullable(),
});

export const memoryFields = {
  text: textField({ min: 1, max: 2_000 }),
  expiresAt: z.iso.datetime().nullable(),
};

export const memoryColumns = {
  id: agentMemories.id,
  scope: agentMemories.scope,
  agentId: agentMemories.agentId,
  userId: agentMemories.userId,
  text: agentMemories.text,
  createdBy: agentMemories.createdBy,
  updatedBy: agentMemories.updatedBy,
  writtenByAgentId: agentMemories.writtenByAgentId,
  runId: agentMemories.runId,
  message: agentMemories.message,
  isTainted: agentMemories.isTainted,
  expiresAt: agentMemories.expiresAt,
  version: agentMemories.version,
  createdAt: agentMemories.createdAt,
  updatedAt: agentMemories.updatedAt,
  deletedAt: agentMemories.deletedAt,
};

/** Not its text: some memories are one person's alone, and events are not. */
const payload = z.object({ id: z.uuid(), scope: z.enum(memoryScopes), agentId: z.uuid().nullable() });
const describe = (verb: string, title: string) =>
  defineEvent({ type: `agent_memory.${verb}`, title, description: `${title}.`, payload });

export const memoryEvents = {
  created: describe('created', 'A memory of agents was written'),
  updated: describe('updated', 'A memory of agents was changed'),
  deleted: describe('deleted', 'A memory of agents was deleted'),
  restored: describe('restored', 'A memory of agents was brought back'),
};
