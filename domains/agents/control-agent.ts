import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { agentVersions, grants } from '#db/schema/index.js';
import { wakeAgentRuns } from '#runtime/agents/wake-agent.js';
import type { DomainContext } from '#runtime/domain.js';
import { dispatchChannel } from '#runtime/outbox.js';
import { Agent, agentEvents } from './agent.js';
import { changeAgent, lockAgent } from './find-agent.js';
import { endGrants } from './publish-agent.js';

const input = z.strictObject({ id: z.uuid() });

export const pauseAgent = defineAction({
  name: 'agents.pause',
  title: 'Pause agent',
  description:
    'Stops it at once: nothing more is done in its runs until it is resumed. What a model or an app is doing at this moment is not waited for.',
  permission: 'agents:publish',
  effect: 'write',
  http: { method: 'post', path: '/agents/:id/pause' },
  input,
  output: Agent,
  emits: [agentEvents.paused.type],
  async run(context: DomainContext, { id }) {
    const { status } = await lockAgent(context, id);
    if (status !== 'active') throw new AppError('conflict', 'Only an agent that is active can be paused');
    const agent = await changeAgent(context, id, { status: 'paused' });
    await wakeRuns(context, id);
    context.emit(agentEvents.paused, agent);
    return agent;
  },
});

export const resumeAgent = defineAction({
  name: 'agents.resume',
  title: 'Resume agent',
  description: 'Lets a paused or retired agent act again; its runs go on where they were.',
  permission: 'agents:publish',
  effect: 'write',
  http: { method: 'post', path: '/agents/:id/resume' },
  input,
  output: Agent,
  emits: [agentEvents.resumed.type],
  async run(context: DomainContext, { id }) {
    const { publishedVersion } = await lockAgent(context, id);
    if (publishedVersion === null) throw new AppError('conflict', 'The agent is not published yet');
    await requireGrant(context, id, publishedVersion);
    const agent = await changeAgent(context, id, { status: 'active' });
    await wakeRuns(context, id);
    context.emit(agentEvents.resumed, agent);
    return agent;
  },
});

export const retireAgent = defineAction({
  name: 'agents.retire',
  title: 'Retire agent',
  description: 'Takes an agent out of use. It is kept, with all that it did, and can be resumed.',
  permission: 'agents:publish',
  effect: 'write',
  http: { method: 'post', path: '/agents/:id/retire' },
  input,
  output: Agent,
  emits: [agentEvents.retired.type],
  async run(context: DomainContext, { id }) {
    await lockAgent(context, id);
    const agent = await changeAgent(context, id, { status: 'retired' });
    await wakeRuns(context, id);
    context.emit(agentEvents.retired, agent);
    return agent;
  },
});

export const deleteAgent = defineAction({
  name: 'agents.delete',
  title: 'Delete agent',
  description:
    'Ends what it was granted, cancels its runs that go on and hides it. It can be restored, and then has to be published anew to act.',
  permission: 'agents:delete',
  effect: 'destroy',
  http: { method: 'delete', path: '/agents/:id' },
  input,
  output: Agent,
  emits: [agentEvents.deleted.type],
  async run(context: DomainContext, { id }) {
    const { db, actor, emit } = context;
    const { status } = await lockAgent(context, id);
    await endGrants(context, id);
    await db.execute(sql`
      UPDATE agent_runs SET cancel_requested_at = now()
      WHERE org_id = ${actor.orgId}::uuid AND agent_id = ${id}::uuid
        AND finished_at IS NULL AND cancel_requested_at IS NULL`);
    await wakeRuns(context, id);
    const agent = await changeAgent(context, id, {
      deletedAt: sql`now()`,
      status: status === 'active' ? 'paused' : status,
    });
    context.audit({
      before: { deletedAt: null, status },
      after: { deletedAt: agent.deletedAt, status: agent.status },
    });
    emit(agentEvents.deleted, agent);
    return agent;
  },
});

/** Has the runs that go on look where they stand. */
async function wakeRuns({ db, actor, services, afterCommit }: DomainContext, agentId: string): Promise<void> {
  if ((await wakeAgentRuns(db, actor.orgId, agentId)) > 0)
    afterCommit(() => services.hub.publish(dispatchChannel, { type: 'agent', id: agentId }));
}

/** Throws `conflict` where what the version was granted has ended. */
async function requireGrant(
  { db, actor: { orgId } }: DomainContext,
  agentId: string,
  version: number,
): Promise<void> {
  const [row] = await db
    .select({ revokedAt: grants.revokedAt })
    .from(agentVersions)
    .innerJoin(grants, and(eq(grants.orgId, agentVersions.orgId), eq(grants.id, agentVersions.grantId)))
    .where(
      and(
        eq(agentVersions.orgId, orgId),
        eq(agentVersions.agentId, agentId),
        eq(agentVersions.version, version),
      ),
    );
  if (row?.revokedAt !== null)
    throw new AppError('conflict', 'What it was granted has ended; publish it again');
}
