import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import { maxAgentDepth } from '#core/agents/run.js';
import { type OwnTool, ownTools } from '#core/agents/tools.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { agents } from '#db/schema/index.js';
import type { Services } from '../services.js';
import type { OpenRun, RunPlace } from './agent-run.js';
import { type AgentStepRow, changeStep } from './agent-step.js';
import { beginRun } from './begin-run.js';

interface OwnStep {
  open: OpenRun;
  row: AgentStepRow;
  input: Record<string, unknown>;
  tool: OwnTool;
}

/** Begins what a step of a tool of our own waits for: an answer, a moment, the work of another agent. */
export async function performOwnTool(
  services: Services,
  transaction: Transaction,
  place: RunPlace,
  { open, row, input, tool }: OwnStep,
): Promise<void> {
  const waiting = { status: 'waiting' as const };
  if (tool === 'ask_person') {
    await changeStep(transaction, place, row.number, { ...waiting, waitsFor: 'answer' });
    return;
  }
  if (tool === 'wait') {
    const { minutes } = ownTools.wait.input.parse(input);
    const waitsUntil = new Date(Date.now() + minutes * 60_000).toISOString();
    await changeStep(transaction, place, row.number, { ...waiting, waitsFor: 'moment', waitsUntil });
    return;
  }
  await handOn(services, transaction, place, { open, row, ...ownTools.delegate.input.parse(input) });
  await changeStep(transaction, place, row.number, { ...waiting, waitsFor: 'agent' });
}

/** Begins a run of another agent for the same person, unless this step has begun it. */
async function handOn(
  services: Services,
  transaction: Transaction,
  { orgId, runId }: RunPlace,
  { open, row, agent, task }: Pick<OwnStep, 'open' | 'row'> & { agent: string; task: string },
): Promise<void> {
  const { run, definition } = open;
  if (run.depth + 1 >= maxAgentDepth)
    throw new AppError('conflict', 'Work was handed on too often; do it yourself');
  const other = await findDelegate(transaction, orgId, definition.delegates, agent);
  await beginRun(services, transaction, {
    ...{ orgId, agentId: other.id, version: other.version, userId: run.userId, text: task, isTask: true },
    depth: run.depth + 1,
    parent: { runId, step: row.number },
  });
}

async function findDelegate(
  transaction: Transaction,
  orgId: string,
  allowed: readonly string[],
  wanted: string,
): Promise<{ id: string; version: number }> {
  const [found] = await transaction
    .select({ id: agents.id, version: agents.publishedVersion })
    .from(agents)
    .where(
      and(
        eq(agents.orgId, orgId),
        inArray(agents.id, [...allowed]),
        or(eq(agents.name, wanted), sql`${agents.id}::text = ${wanted}`),
        eq(agents.status, 'active'),
        isNull(agents.deletedAt),
      ),
    );
  if (!found || found.version === null)
    throw new AppError('not_found', `There is no agent ${wanted} to hand work to`);
  return { id: found.id, version: found.version };
}
