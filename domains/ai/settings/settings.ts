import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { defineEvent } from '#core/event.js';
import { aiSettings, contentPolicies } from '#db/schema/index.js';
import { wakeAgentRuns } from '#runtime/agents/wake-agent.js';
import { changeBetween } from '#runtime/audit/change-between.js';
import type { DomainContext } from '#runtime/domain.js';
import { dispatchChannel } from '#runtime/outbox.js';

const Settings = z.object({
  contentPolicy: z
    .enum(contentPolicies)
    .describe('What is kept of prompts and replies: all, all but secrets and personal data, nothing'),
  allowsDemo: z.boolean().describe("Whether the platform's demo model answers where no other is chosen"),
  agentsStoppedAt: z.string().nullable().describe('Since when no agent works; null: they do'),
  agentsStoppedBy: z.uuid().nullable().describe('Who has stopped them'),
});

const defaults: z.output<typeof Settings> = {
  contentPolicy: 'masked',
  allowsDemo: true,
  agentsStoppedAt: null,
  agentsStoppedBy: null,
};

const event = (verb: string, title: string, description: string) =>
  defineEvent({
    type: `ai.agents_${verb}`,
    title,
    description,
    payload: Settings.extend({ id: z.uuid().describe('The organization') }),
  });

export const settingsEvents = {
  stopped: event('stopped', 'Agents stopped', 'All agents of the organization were stopped.'),
  resumed: event('resumed', 'Agents resumed', 'The agents of the organization may work again.'),
};

export const getAiSettings = defineAction({
  name: 'ai_settings.get',
  title: 'Show settings of language models',
  description: 'Shows what is kept of prompts and replies, and whether agents are stopped.',
  permission: 'ai_settings:read',
  effect: 'read',
  http: { method: 'get', path: '/ai/settings' },
  input: z.strictObject({}),
  output: Settings,
  run: readSettings,
});

export const updateAiSettings = defineAction({
  name: 'ai_settings.update',
  title: 'Change settings of language models',
  description: 'Changes what is kept of prompts and replies from now on, and whether the demo model answers.',
  permission: 'ai_settings:update',
  effect: 'write',
  http: { method: 'patch', path: '/ai/settings' },
  input: z
    .strictObject({ contentPolicy: Settings.shape.contentPolicy, allowsDemo: Settings.shape.allowsDemo })
    .partial(),
  output: Settings,
  async run(context: DomainContext, changes) {
    const before = await lockSettings(context);
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    if (Object.keys(given).length > 0) await writeSettings(context, given);
    const after = await readSettings(context);
    context.audit(changeBetween(before, after, Object.keys(given)));
    return after;
  },
});

/** Stops every agent of the organization until they are resumed. Stopping again changes nothing. */
export const stopAgents = defineAction({
  name: 'ai_settings.stop_agents',
  title: 'Stop all agents',
  description: 'Stops all agents of the organization at once, until they are resumed.',
  permission: 'ai_settings:update',
  effect: 'write',
  http: { method: 'post', path: '/ai/agents/stop' },
  input: z.strictObject({}),
  output: Settings,
  emits: [settingsEvents.stopped.type],
  async run(context: DomainContext) {
    const before = await lockSettings(context);
    if (before.agentsStoppedAt !== null) return before;
    await writeSettings(context, { agentsStoppedAt: sql`now()`, agentsStoppedBy: context.actor.userId });
    return told(context, before, settingsEvents.stopped);
  },
});

/** Lets the agents of the organization work again. */
export const resumeAgents = defineAction({
  name: 'ai_settings.resume_agents',
  title: 'Resume all agents',
  description: 'Lets the agents of the organization work again, each as it was.',
  permission: 'ai_settings:update',
  effect: 'write',
  http: { method: 'post', path: '/ai/agents/resume' },
  input: z.strictObject({}),
  output: Settings,
  emits: [settingsEvents.resumed.type],
  async run(context: DomainContext) {
    const before = await lockSettings(context);
    if (before.agentsStoppedAt === null) return before;
    await writeSettings(context, { agentsStoppedAt: null, agentsStoppedBy: null });
    return told(context, before, settingsEvents.resumed);
  },
});

async function readSettings({ db, actor }: DomainContext): Promise<z.output<typeof Settings>> {
  const [row] = await db
    .select({
      contentPolicy: aiSettings.contentPolicy,
      allowsDemo: aiSettings.allowsDemo,
      agentsStoppedAt: aiSettings.agentsStoppedAt,
      agentsStoppedBy: aiSettings.agentsStoppedBy,
    })
    .from(aiSettings)
    .where(eq(aiSettings.orgId, actor.orgId));
  return row ?? defaults;
}

/** The settings as they are, which nobody else changes until the end of the transaction. */
async function lockSettings(context: DomainContext): Promise<z.output<typeof Settings>> {
  const { db, actor } = context;
  await db.insert(aiSettings).values({ orgId: actor.orgId }).onConflictDoNothing();
  await db
    .select({ locked: sql`1` })
    .from(aiSettings)
    .where(eq(aiSettings.orgId, actor.orgId))
    .for('no key update');
  return readSettings(context);
}

async function writeSettings(
  { db, actor }: DomainContext,
  changes: Parameters<ReturnType<DomainContext['db']['update']>['set']>[0],
): Promise<void> {
  await db.update(aiSettings).set(changes).where(eq(aiSettings.orgId, actor.orgId));
}

async function told(
  context: DomainContext,
  before: z.output<typeof Settings>,
  happened: (typeof settingsEvents)['stopped'],
): Promise<z.output<typeof Settings>> {
  const after = await readSettings(context);
  context.audit(changeBetween(before, after, ['agentsStoppedAt', 'agentsStoppedBy']));
  context.emit(happened, { id: context.actor.orgId, ...after });
  if ((await wakeAgentRuns(context.db, context.actor.orgId)) > 0)
    context.afterCommit(() => context.services.hub.publish(dispatchChannel, { type: 'agent', id: '' }));
  return after;
}
