import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { agentRuns } from '#db/schema/index.js';
import { writeMessage } from '#runtime/agents/agent-message.js';
import { changeRun, openRun } from '#runtime/agents/agent-run.js';
import { finishStep, readStep } from '#runtime/agents/agent-step.js';
import { beginRun } from '#runtime/agents/begin-run.js';
import { wakeAgent } from '#runtime/agents/wake-agent.js';
import type { DomainContext } from '#runtime/domain.js';
import { hubTopic } from '#runtime/hub/hub.js';
import { dispatchChannel } from '#runtime/outbox.js';
import { lockAgent } from './find-agent.js';
import { readRun } from './read-runs.js';
import { AgentRun, requireRun } from './run-row.js';

const Text = z.string().trim().min(1).max(100_000);

export const startAgentRun = defineAction({
  name: 'agents.run',
  title: 'Ask agent',
  description:
    'Begins a conversation with an agent, or, with `isTask`, a piece of work that ends with its answer. It acts on your behalf: within what it was granted, and never beyond what you may do yourself.',
  permission: 'agents:use',
  effect: 'write',
  http: { method: 'post', path: '/agents/:id/runs', status: 202 },
  input: z.strictObject({ id: z.uuid(), text: Text, isTask: z.boolean().default(false) }),
  output: AgentRun,
  async run(context: DomainContext, { id, text, isTask }) {
    const { db, actor, services } = context;
    const { status, publishedVersion: version } = await lockAgent(context, id);
    if (status !== 'active' || version === null) throw new AppError('conflict', `The agent is ${status}`);
    const { orgId, userId } = actor;
    const depth = actor.kind === 'automation' ? actor.depth + 1 : 0;
    const runId = await beginRun(services, db, { orgId, agentId: id, version, userId, text, isTask, depth });
    if (runId === undefined) throw new AppError('internal', 'The run was not begun');
    tellDispatcher(context, runId);
    return readRun(context, runId);
  },
});

export const sendToAgent = defineAction({
  name: 'agent_runs.send',
  title: 'Write to agent',
  description: 'Says something more in a conversation. The agent heeds it before its next step.',
  permission: 'agents:use',
  effect: 'write',
  http: { method: 'post', path: '/agent-runs/:id/messages', status: 202 },
  input: z.strictObject({ id: z.uuid(), text: Text }),
  output: AgentRun,
  async run(context: DomainContext, { id, text }) {
    const { db, actor, services } = context;
    await requireOwnRun(context, id);
    const place = { orgId: actor.orgId, runId: id };
    const { run } = await openRun(db, place, { isLocked: true });
    if (run.isTask || run.finishedAt !== null || run.cancelRequestedAt !== null)
      throw new AppError('conflict', 'This has ended; begin a new conversation');
    const number = run.lastMessage + 1;
    const message = { number, role: 'user' as const, userId: actor.userId, content: { text } };
    await writeMessage(services.files(actor.orgId, db), db, place, message);
    await changeRun(db, place, {
      lastMessage: number,
      ...newTurn(),
      ...((run.status === 'failed' || run.status === 'idle') && { status: 'queued', error: null }),
    });
    await wakeAgent(db, actor.orgId, id);
    tellDispatcher(context, id);
    return readRun(context, id);
  },
});

export const answerAgent = defineAction({
  name: 'agent_runs.answer',
  title: 'Answer agent',
  description: 'Answers a question that an agent waits for.',
  permission: 'agents:use',
  effect: 'write',
  http: { method: 'post', path: '/agent-runs/:id/steps/:step/answer', status: 202 },
  input: z.strictObject({ id: z.uuid(), step: z.coerce.number().int().min(1), text: Text }),
  output: AgentRun,
  async run(context: DomainContext, { id, step, text }) {
    const { db, actor, services } = context;
    await requireOwnRun(context, id);
    const place = { orgId: actor.orgId, runId: id };
    await openRun(db, place, { isLocked: true });
    const row = await readStep(db, place, step);
    if (row?.status !== 'waiting' || row.waitsFor !== 'answer')
      throw new AppError('conflict', 'No answer is waited for here, or it was given already');
    await finishStep(services.files(actor.orgId, db), db, place, step, { answer: text });
    await wakeAgent(db, actor.orgId, id);
    tellDispatcher(context, id);
    return readRun(context, id);
  },
});

/** What is counted anew with every word of a person. */
function newTurn() {
  return { turnModelCalls: 0, turnToolCalls: 0, turnStartedAt: new Date().toISOString() };
}

/** Throws `forbidden` for the run of somebody else, though it may be known: nobody speaks in their place. */
export async function requireOwnRun(context: DomainContext, id: string): Promise<void> {
  await requireRun(context, id);
  const [row] = await context.db
    .select({ userId: agentRuns.userId })
    .from(agentRuns)
    .where(eq(agentRuns.id, id));
  if (row?.userId !== context.actor.userId)
    throw new AppError('forbidden', 'Only the person for whom the agent acts may say something here');
}

/** Has the dispatcher look, once this is committed. */
export function tellDispatcher({ services, afterCommit }: DomainContext, runId: string): void {
  afterCommit(() => services.hub.publish(dispatchChannel, { type: 'agent', id: runId }));
}

export const retryAgentRun = defineAction({
  name: 'agent_runs.retry',
  title: 'Retry run of an agent',
  description: 'Goes on with a conversation that failed, from where it stood.',
  permission: 'agents:use',
  effect: 'write',
  http: { method: 'post', path: '/agent-runs/:id/retry', status: 202 },
  input: z.strictObject({ id: z.uuid() }),
  output: AgentRun,
  async run(context: DomainContext, { id }) {
    const { db, actor } = context;
    await requireOwnRun(context, id);
    const place = { orgId: actor.orgId, runId: id };
    const { run } = await openRun(db, place, { isLocked: true });
    if (run.status !== 'failed' || run.finishedAt !== null)
      throw new AppError('conflict', 'Only a conversation that failed can be retried');
    await changeRun(db, place, { status: 'queued', error: null, ...newTurn() });
    await wakeAgent(db, actor.orgId, id);
    tellDispatcher(context, id);
    return readRun(context, id);
  },
});

const controls = {
  permission: 'agents:use',
  effect: 'write',
  input: z.strictObject({ id: z.uuid() }),
  output: AgentRun,
} as const;

export const cancelAgentRun = defineAction({
  ...controls,
  name: 'agent_runs.cancel',
  title: 'Cancel run of an agent',
  description: 'Stops it for good, with the call of its model and what it has handed on.',
  http: { method: 'post', path: '/agent-runs/:id/cancel', status: 202 },
  async run(context: DomainContext, { id }) {
    return change(context, id, { cancelRequestedAt: sql`coalesce(cancel_requested_at, now())` });
  },
});

export const pauseAgentRun = defineAction({
  ...controls,
  name: 'agent_runs.pause',
  title: 'Pause run of an agent',
  description: 'Halts it before its next step.',
  http: { method: 'post', path: '/agent-runs/:id/pause', status: 202 },
  async run(context: DomainContext, { id }) {
    return change(context, id, { pausedAt: sql`coalesce(paused_at, now())` });
  },
});

export const resumeAgentRun = defineAction({
  ...controls,
  name: 'agent_runs.resume',
  title: 'Resume run of an agent',
  description: 'Goes on with one that was paused.',
  http: { method: 'post', path: '/agent-runs/:id/resume', status: 202 },
  async run(context: DomainContext, { id }) {
    return change(context, id, { pausedAt: null });
  },
});

async function change(
  context: DomainContext,
  id: string,
  fields: Parameters<ReturnType<DomainContext['db']['update']>['set']>[0],
): Promise<z.output<typeof AgentRun>> {
  const { db, actor } = context;
  await requireRun(context, id);
  const { run } = await openRun(db, { orgId: actor.orgId, runId: id }, { isLocked: true });
  if (run.finishedAt !== null) throw new AppError('conflict', 'It has ended already');
  await db.update(agentRuns).set(fields).where(eq(agentRuns.id, id));
  await wakeAgent(db, actor.orgId, id);
  tellDispatcher(context, id);
  context.afterCommit(() =>
    context.services.hub.publish(hubTopic.agentRun(actor.orgId, id), { type: 'run', id }),
  );
  return readRun(context, id);
}
