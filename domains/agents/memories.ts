import { and, eq, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { memoryScopes } from '#core/agents/memory.js';
import { AppError } from '#core/errors.js';
import { isPermitted } from '#core/permission.js';
import { agentMemories as table } from '#db/schema/index.js';
import type { Actor } from '#runtime/caller.js';
import type { DomainContext } from '#runtime/domain.js';
import { defineResource } from '#runtime/resource/define-resource.js';
import { equals } from '#runtime/resource/filters.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { agentPolicy } from './agent-policy.js';
import { createMemory } from './create-memory.js';
import { AgentMemory, memoryEvents as events, memoryFields } from './memory.js';

const resource = defineResource({
  name: 'agent_memories',
  singular: 'memory',
  table,
  output: AgentMemory,
  create: z.object({}),
  update: z.object(memoryFields),
  filters: {
    scope: equals(table.scope, z.enum(memoryScopes)),
    agentId: equals(table.agentId, z.uuid()),
    runId: equals(table.runId, z.uuid()),
    q: {
      schema: z.string().trim().max(200).describe('Found in the text'),
      where: (text) => sql`position(lower(${text}) in lower(${table.text})) > 0`,
    },
  },
  sorts: { updatedAt: byColumn(table.updatedAt), createdAt: byColumn(table.createdAt) },
  defaultSort: '-updatedAt',
  events,
  http: { path: '/agent-memories' },
  policy: memoryPolicy,
  check: async (context, _input, id) => {
    if (id !== undefined) await requireRightToChange(context, id);
    return [];
  },
  checkDelete: requireRightToChange,
  checkRestore: requireRightToChange,
});

/** Which memories an actor may know of: those of all, their own, those of agents that they may know of. */
function memoryPolicy(actor: Actor): SQL | undefined {
  const known = agentPolicy(actor) ?? sql`true`;
  return sql`(${table.scope} = 'organization' OR ${table.userId} = ${actor.userId}::uuid
    OR ${table.scope} = 'agent' AND EXISTS (SELECT FROM agents
      WHERE agents.org_id = ${table.orgId} AND agents.id = ${table.agentId} AND agents.deleted_at IS NULL AND ${known}))`;
}

/** Throws `forbidden` for what others go by, too, unless the actor may change agents. */
async function requireRightToChange({ db, actor }: DomainContext, id: string): Promise<void> {
  const [row] = await db
    .select({ scope: table.scope })
    .from(table)
    .where(and(eq(table.orgId, actor.orgId), eq(table.id, id)));
  if (row?.scope !== 'user' && !isPermitted(actor.permissions, 'agents:update'))
    throw new AppError('forbidden', 'Memories that others go by are for those who may change agents');
}

/** Writing is a verb of its own: agents do it, too. */
export const memoryActions = [
  ...resource.actions.filter(({ name }) => name !== 'agent_memories.create'),
  createMemory,
];
export const memoryEvents = events;
