import { and, asc, desc, eq, gt } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { agentRunStatuses } from '#core/agents/run.js';
import { AppError } from '#core/errors.js';
import { agentMessages, agentRuns, agentSteps } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';
import {
  AgentMessage,
  AgentRun,
  AgentStep,
  agentRunColumns,
  presentStep,
  requireRun,
  runPolicy,
} from './run-row.js';

const sorts = { activeAt: byColumn(agentRuns.activeAt), createdAt: byColumn(agentRuns.createdAt) };

export const listAgentRuns = defineAction({
  name: 'agent_runs.list',
  title: 'List runs of agents',
  description: 'Conversations with agents and work that they do for you, the last active first.',
  permission: 'agent_runs:read',
  effect: 'read',
  http: { method: 'get', path: '/agent-runs' },
  input: z.strictObject({
    agentId: z.uuid().optional(),
    userId: z.uuid().optional(),
    status: z.enum(agentRunStatuses).optional(),
    parentRunId: z.uuid().optional(),
    ...pageInput(sorts, '-activeAt'),
  }),
  output: pageOutput(AgentRun),
  async run({ db, actor }: DomainContext, { agentId, userId, status, parentRunId, ...request }) {
    const page = openPage(sorts, agentRuns.id, request);
    const rows = await db
      .select({ ...agentRunColumns, ...page.fields })
      .from(agentRuns)
      .where(
        and(
          eq(agentRuns.orgId, actor.orgId),
          runPolicy(actor),
          agentId === undefined ? undefined : eq(agentRuns.agentId, agentId),
          userId === undefined ? undefined : eq(agentRuns.userId, userId),
          status === undefined ? undefined : eq(agentRuns.status, status),
          parentRunId === undefined ? undefined : eq(agentRuns.parentRunId, parentRunId),
          page.where,
        ),
      )
      .orderBy(...page.orderBy)
      .limit(page.limit);
    const { items, nextCursor } = page.close(rows);
    return { items: items.map((row) => AgentRun.parse(row)), nextCursor };
  },
});

export const getAgentRun = defineAction({
  name: 'agent_runs.get',
  title: 'Get run of an agent',
  description: 'How a conversation with an agent, or its work, stands.',
  permission: 'agent_runs:read',
  effect: 'read',
  http: { method: 'get', path: '/agent-runs/:id' },
  input: z.strictObject({ id: z.uuid() }),
  output: AgentRun,
  run: (context: DomainContext, { id }) => readRun(context, id),
});

/** A run as callers see it. Throws `not_found`, also where the actor may not know of it. */
export async function readRun(
  { db, actor }: Pick<DomainContext, 'db' | 'actor'>,
  id: string,
): Promise<z.output<typeof AgentRun>> {
  const [row] = await db
    .select(agentRunColumns)
    .from(agentRuns)
    .where(and(eq(agentRuns.id, id), runPolicy(actor)));
  if (!row) throw new AppError('not_found', 'There is no such run');
  return AgentRun.parse(row);
}

const afterInput = z.strictObject({
  id: z.uuid(),
  after: z.coerce.number().int().min(0).default(0).describe('Only what has a greater number'),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});

const nextAfter = z.int().nullable().describe('`after` of the next page; null on the last one');

export const listAgentMessages = defineAction({
  name: 'agent_runs.list_messages',
  title: 'List messages of a run',
  description: 'What was said in a conversation with an agent, from the beginning on.',
  permission: 'agent_runs:read',
  effect: 'read',
  http: { method: 'get', path: '/agent-runs/:id/messages' },
  input: afterInput,
  output: z.object({ items: z.array(AgentMessage), nextAfter }),
  async run(context: DomainContext, { id, after, limit }) {
    await requireRun(context, id);
    const rows = await context.db
      .select()
      .from(agentMessages)
      .where(and(eq(agentMessages.runId, id), gt(agentMessages.number, after)))
      .orderBy(asc(agentMessages.number))
      .limit(limit + 1);
    return pageOf(rows, limit, (row) => AgentMessage.parse(row));
  },
});

export const listAgentSteps = defineAction({
  name: 'agent_runs.list_steps',
  title: 'List steps of a run',
  description: 'What an agent did: each call of its model and of a tool, with times, tokens and cost.',
  permission: 'agent_runs:read',
  effect: 'read',
  http: { method: 'get', path: '/agent-runs/:id/steps' },
  input: afterInput.extend({
    newest: z.coerce.number().int().min(1).max(200).optional().describe('Only so many, the last ones'),
  }),
  output: z.object({ items: z.array(AgentStep), nextAfter }),
  async run(context: DomainContext, { id, after, limit, newest }) {
    await requireRun(context, id);
    if (newest !== undefined) {
      const last = await context.db
        .select()
        .from(agentSteps)
        .where(eq(agentSteps.runId, id))
        .orderBy(desc(agentSteps.number))
        .limit(newest);
      return { items: last.reverse().map(presentStep), nextAfter: null };
    }
    const rows = await context.db
      .select()
      .from(agentSteps)
      .where(and(eq(agentSteps.runId, id), gt(agentSteps.number, after)))
      .orderBy(asc(agentSteps.number))
      .limit(limit + 1);
    return pageOf(rows, limit, presentStep);
  },
});

function pageOf<Row extends { number: number }, Shown>(
  rows: readonly Row[],
  limit: number,
  present: (row: Row) => Shown,
): { items: Shown[]; nextAfter: number | null } {
  const shown = rows.slice(0, limit);
  return {
    items: shown.map(present),
    nextAfter: rows.length > limit ? (shown.at(-1)?.number ?? null) : null,
  };
}
