import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { agentRunStatuses, agentStepKinds, agentStepStatuses } from '#core/agents/run.js';
import { AppError } from '#core/errors.js';
import { agentRuns, type agentSteps } from '#db/schema/index.js';
import { holdsPermission } from '#runtime/authorize.js';
import type { Actor } from '#runtime/caller.js';
import type { DomainContext } from '#runtime/domain.js';

/** A value of a run: itself, or where it is when it is too large to show here. */
export const RunValue = z.union([
  z.object({ inline: z.unknown() }),
  z.object({ ref: z.string(), size: z.int() }),
]);

const RunError = z.looseObject({ code: z.string(), message: z.string() });

export const AgentRun = z.object({
  id: z.uuid(),
  agentId: z.uuid(),
  agentVersion: z.int(),
  userId: z.uuid().describe('On whose behalf it acts'),
  title: z.string(),
  status: z.enum(agentRunStatuses),
  isTask: z.boolean().describe('It ends with its first answer'),
  isTainted: z.boolean().describe('Text from outside has come into it'),
  parentRunId: z.uuid().nullable(),
  error: RunError.nullable(),
  result: RunValue.nullable(),
  costMinor: z.number().describe('Minor units that its calls of models have cost'),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  activeAt: z.iso.datetime(),
});

export const agentRunColumns = {
  id: agentRuns.id,
  agentId: agentRuns.agentId,
  agentVersion: agentRuns.agentVersion,
  userId: agentRuns.userId,
  title: agentRuns.title,
  status: agentRuns.status,
  isTask: agentRuns.isTask,
  isTainted: agentRuns.isTainted,
  parentRunId: agentRuns.parentRunId,
  error: agentRuns.error,
  result: agentRuns.result,
  costMinor: sql<number>`(SELECT coalesce(sum(s.cost), 0) / 1e6 FROM agent_steps s
    WHERE s.org_id = ${agentRuns.orgId} AND s.run_id = ${agentRuns.id})::float8`.as('cost_minor'),
  createdAt: agentRuns.createdAt,
  startedAt: agentRuns.startedAt,
  finishedAt: agentRuns.finishedAt,
  activeAt: agentRuns.activeAt,
};

export const AgentMessage = z.object({
  number: z.int(),
  role: z.enum(['user', 'assistant', 'summary']),
  content: RunValue,
  userId: z.uuid().nullable().describe('Who wrote it'),
  step: z.int().nullable(),
  createdAt: z.iso.datetime(),
});

export const AgentStep = z.object({
  number: z.int(),
  kind: z.enum(agentStepKinds),
  status: z.enum(agentStepStatuses),
  tool: z.string().nullable(),
  action: z.string().nullable(),
  modelStep: z.int().nullable().describe('The step of the model that asked for it'),
  toolCallId: z.string().nullable(),
  input: RunValue.nullable(),
  output: RunValue.nullable(),
  error: RunError.nullable(),
  waitsFor: z.enum(['approval', 'answer', 'moment', 'agent']).nullable(),
  waitsUntil: z.iso.datetime().nullable(),
  callId: z.uuid().nullable().describe('In the log of calls of models'),
  costMinor: z.number(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  attempts: z.int(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
});

/** A step as its readers see it. */
export function presentStep({ cost, ...row }: typeof agentSteps.$inferSelect): z.input<typeof AgentStep> {
  return AgentStep.parse({ ...row, costMinor: cost / 1_000_000 });
}

/**
 * The runs that an actor may know of: those on their behalf; with the right to read those of others, all. What was put away is in
 * none of them.
 */
export function runPolicy(actor: Actor): SQL | undefined {
  const isOwn = eq(agentRuns.userId, actor.userId);
  return and(isNull(agentRuns.deletedAt), holdsPermission(actor, 'agent_runs:read_all') ? undefined : isOwn);
}

/** Throws `not_found` unless there is such a run that the actor may know of. */
export async function requireRun(
  { db, actor }: Pick<DomainContext, 'db' | 'actor'>,
  id: string,
): Promise<void> {
  const [row] = await db
    .select({ id: agentRuns.id })
    .from(agentRuns)
    .where(and(eq(agentRuns.id, id), runPolicy(actor)));
  if (!row) throw new AppError('not_found', 'There is no such run');
}
