import { createHash } from 'node:crypto';
import { and, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AgentDefinition, allowedActions } from '#core/agents/definition.js';
import { canonicalJson } from '#core/canonical-json.js';
import { AppError } from '#core/errors.js';
import { agentVersions, grants } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { timeOrderedId } from '#runtime/outbox.js';
import { requireVersion } from '#runtime/resource/stale-version.js';
import { Agent, agentEvents } from './agent.js';
import { checkDefinition } from './check-definition.js';
import { changeAgent, lockAgent } from './find-agent.js';

export const publishAgent = defineAction({
  name: 'agents.publish',
  title: 'Publish agent',
  description:
    'Makes the draft an immutable version, with a grant for exactly its actions. Conversations that go on keep the version with which they began.',
  permission: 'agents:publish',
  effect: 'write',
  http: { method: 'post', path: '/agents/:id/publish' },
  input: z.strictObject({
    id: z.uuid(),
    note: z.string().max(1_000).default('').describe('What is new in this version'),
    version: z
      .int()
      .min(1)
      .optional()
      .describe('The version of the row that was read; refused if the draft may be another by now'),
  }),
  output: Agent,
  emits: [agentEvents.published.type],
  async run(context: DomainContext, { id, note, version: read }) {
    const { db, actor, services, emit } = context;
    const agent = await lockAgent(context, id);
    await requireVersion(db, 'agent', read, agent);
    if (agent.status === 'retired') throw new AppError('conflict', 'The agent is retired; resume it first');
    const definition = AgentDefinition.parse(agent.draft);
    await checkDefinition(context, definition, id);
    const version = (agent.publishedVersion ?? 0) + 1;
    const grantId = timeOrderedId();
    const { orgId, userId } = actor;
    await db.insert(grants).values({
      ...{ orgId, id: grantId, principalKind: 'agent', principalId: id, onBehalfOf: userId },
      scopes: scopesOf(services, definition),
    });
    await db.insert(agentVersions).values({
      ...{ orgId, agentId: id, version, definition, grantId, publishedBy: userId, note },
      hash: createHash('sha256').update(canonicalJson(definition)).digest('hex'),
    });
    const published = await changeAgent(context, id, { status: 'active', publishedVersion: version });
    emit(agentEvents.published, published);
    return published;
  },
});

/** The permissions of the actions that it may perform, and no other. */
function scopesOf({ catalogue }: DomainContext['services'], definition: AgentDefinition): string[] {
  return [...new Set(allowedActions(definition).map(({ name }) => catalogue.action(name).permission))].sort();
}

/** Ends what all versions of an agent were granted. */
export async function endGrants({ db, actor }: DomainContext, agentId: string): Promise<void> {
  await db
    .update(grants)
    .set({ revokedAt: sql`now()` })
    .where(
      and(
        eq(grants.orgId, actor.orgId),
        eq(grants.principalKind, 'agent'),
        eq(grants.principalId, agentId),
        isNull(grants.revokedAt),
      ),
    );
}
