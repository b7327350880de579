import { and, desc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { type MemoryScope, memoryAction, memoryScopes } from '#core/agents/memory.js';
import { AppError, invalidField } from '#core/errors.js';
import { isPermitted } from '#core/permission.js';
import { agentMemories, agentMessages } from '#db/schema/index.js';
import { openRun } from '#runtime/agents/agent-run.js';
import type { DomainContext } from '#runtime/domain.js';
import { findAgent } from './find-agent.js';
import { AgentMemory, memoryColumns, memoryEvents, memoryFields } from './memory.js';

/** Most memories of one scope, of one agent or person where it is theirs. */
const maxMemories = 1_000;

type Provenance = Pick<
  typeof agentMemories.$inferInsert,
  'writtenByAgentId' | 'runId' | 'message' | 'isTainted'
>;

/**
 * Writes a memory. An agent writes only what its version's policy lets it, and of what others go by, only on behalf of somebody who may
 * change agents.
 */
export const createMemory = defineAction({
  name: memoryAction,
  title: 'Remember',
  description:
    'Keeps a fact for later conversations: `user` for the person you act for, `agent` for everybody who uses this agent, `organization` for all agents.',
  permission: 'agent_memories:create',
  effect: 'write',
  http: { method: 'post', path: '/agent-memories', status: 201 },
  input: z.strictObject({
    scope: z.enum(memoryScopes),
    text: memoryFields.text,
    agentId: z.uuid().optional().describe('Of the scope `agent`, whose; an agent leaves it out'),
    expiresAt: memoryFields.expiresAt.optional(),
  }),
  output: AgentMemory,
  emits: [memoryEvents.created.type],
  async run(context: DomainContext, { scope, text, agentId: named, expiresAt = null }) {
    const { db, actor, emit } = context;
    const { orgId, userId } = actor;
    if (scope !== 'user' && !isPermitted(actor.permissions, 'agents:update'))
      throw new AppError('forbidden', 'Memories that others go by are for those who may change agents');
    const provenance = await provenanceOf(context, scope);
    const agentId = scope === 'agent' ? (provenance.writtenByAgentId ?? named ?? null) : null;
    if (scope === 'agent' && agentId === null)
      throw invalidField({ path: 'agentId', message: 'is needed for the scope agent' });
    if (scope !== 'agent' && named !== undefined)
      throw invalidField({ path: 'agentId', message: 'is for the scope agent only' });
    if (agentId !== null && actor.kind !== 'agent') await findAgent(context, agentId);
    const owner = { scope, agentId, userId: scope === 'user' ? userId : null };
    await requireRoom(context, owner);
    const [row] = await db
      .insert(agentMemories)
      .values({ orgId, ...owner, text, expiresAt, createdBy: userId, updatedBy: userId, ...provenance })
      .returning(memoryColumns);
    const memory = AgentMemory.parse(row);
    emit(memoryEvents.created, memory);
    return memory;
  },
});

/** By whom and where it is written. Throws `forbidden` for a scope that the agent's version may not write. */
async function provenanceOf({ db, actor }: DomainContext, scope: MemoryScope): Promise<Provenance> {
  if (actor.kind !== 'agent' || actor.runId === null) return {};
  const { run, definition } = await openRun(db, { orgId: actor.orgId, runId: actor.runId });
  if (!definition.memory.writes.includes(scope))
    throw new AppError('forbidden', `This agent may not write memories of the scope ${scope}`);
  const [said] = await db
    .select({ number: agentMessages.number })
    .from(agentMessages)
    .where(
      and(
        eq(agentMessages.orgId, actor.orgId),
        eq(agentMessages.runId, run.id),
        eq(agentMessages.role, 'user'),
      ),
    )
    .orderBy(desc(agentMessages.number))
    .limit(1);
  return {
    writtenByAgentId: run.agentId,
    runId: run.id,
    message: said?.number ?? null,
    isTainted: run.isTainted,
  };
}

async function requireRoom(
  { db, actor: { orgId } }: DomainContext,
  { scope, agentId, userId }: { scope: MemoryScope; agentId: string | null; userId: string | null },
): Promise<void> {
  const [row] = await db
    .select({ count: sql<number>`count(*)::integer` })
    .from(agentMemories)
    .where(
      and(
        eq(agentMemories.orgId, orgId),
        eq(agentMemories.scope, scope),
        sql`deleted_at IS NULL AND agent_id IS NOT DISTINCT FROM ${agentId}::uuid AND user_id IS NOT DISTINCT FROM ${userId}::uuid`,
      ),
    );
  if ((row?.count ?? 0) >= maxMemories)
    throw new AppError('limit_exceeded', `There are ${maxMemories} memories here already; delete some first`);
}
