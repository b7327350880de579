import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { agentRuns } from '#db/schema/index.js';
import { wakeAgent } from '#runtime/agents/wake-agent.js';
import type { DomainContext } from '#runtime/domain.js';
import { dispatchChannel } from '#runtime/outbox.js';
import { Agent, agentEvents } from './agent.js';
import { changeAgent, lockAgent } from './find-agent.js';

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

/** Has the runs that go on look where they stand. */
async function wakeRuns({ db, actor, services, afterCommit }: DomainContext, agentId: string): Promise<void> {
  const open = await db
    .select({ id: agentRuns.id })
    .from(agentRuns)
    .where(
      and(eq(agentRuns.orgId, actor.orgId), eq(agentRuns.agentId, agentId), isNull(agentRuns.finishedAt)),
    );
  for (const { id } of open) await wakeAgent(db, actor.orgId, id);
  if (open.length > 0)
    afterCommit(() => services.hub.publish(dispatchChannel, { type: 'agent', id: agentId }));
}
