import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { agentSteps } from '#db/schema/index.js';
import { hubTopic } from '../hub/hub.js';
import type { Services } from '../services.js';
import { type AgentRunRow, changeRun, type OpenRun, openRun, type RunPlace } from './agent-run.js';
import { type AgentStepRow, readOpenSteps } from './agent-step.js';
import { endRun } from './end-run.js';
import { remindOfApprovals } from './remind-of-approvals.js';
import { settleWaits } from './settle-waits.js';

/** What is to be done next in a run. */
export type AgentMove =
  /** Ask the model; the last time without tools, for it has gone as far as it may. */
  | { kind: 'model'; step: number; isLast: boolean }
  /** Perform these steps side by side; those that are short transactions of ours are `local`. */
  | { kind: 'tools'; steps: readonly { number: number; isLocal: boolean }[] }
  /** Nothing, until there is news, or this moment (milliseconds since 1970). */
  | { kind: 'wait'; until: number | null }
  /** Nothing any more; news begin it anew. */
  | { kind: 'end' };

/**
 * Looks at where a run stands and tells what is to be done. All that it goes by is in the database, so that it does not matter
 * who asks, and how often. Takes up what has happened meanwhile: decisions, answers, moments, ends of other runs.
 */
export async function nextMove(services: Services, place: RunPlace): Promise<AgentMove> {
  const { orgId, runId } = place;
  const { move, changed } = await services.database.withOrg(orgId, async (transaction) => {
    const open = await openRun(transaction, place, { isLocked: true });
    const move = await decide(services, transaction, place, open);
    const status = statusOf(move, open);
    const heard = { wakesTaken: open.run.wakes };
    await changeRun(transaction, place, status === undefined ? heard : { ...heard, ...status });
    const isCancelled = open.run.finishedAt === null && open.run.cancelRequestedAt !== null;
    return { move, changed: status !== undefined || isCancelled };
  });
  if (changed) services.hub.publish(hubTopic.agentRun(orgId, runId), { type: 'run', id: runId });
  return move;
}

async function decide(
  services: Services,
  transaction: Transaction,
  place: RunPlace,
  open: OpenRun,
): Promise<AgentMove> {
  const { run, isHalted } = open;
  if (run.finishedAt !== null || run.status === 'failed') return { kind: 'end' };
  if (run.cancelRequestedAt !== null) {
    await endRun(services, transaction, place, { status: 'cancelled' });
    return { kind: 'end' };
  }
  if (isHalted) return { kind: 'wait', until: null };
  await settleWaits(services, transaction, place);
  const steps = await readOpenSteps(transaction, place);
  const model = steps.find(({ kind }) => kind === 'model');
  if (model) return { kind: 'model', step: model.number, isLast: isAtLimit(open) };
  const ready = steps.filter(({ status }) => status !== 'waiting');
  if (ready.length > 0) return { kind: 'tools', steps: ready.map((step) => toolOf(services, step)) };
  if (steps.length > 0) {
    const reminder = await remindOfApprovals(services, transaction, place);
    return { kind: 'wait', until: earliest(firstMoment(steps), reminder) };
  }
  return afterSteps(services, transaction, place, open);
}

/** Every tool that was asked for has given something: the model goes on, or it has answered. */
async function afterSteps(
  services: Services,
  transaction: Transaction,
  place: RunPlace,
  open: OpenRun,
): Promise<AgentMove> {
  const { run } = open;
  if (await isUnanswered(transaction, place)) {
    const step = run.lastStep + 1;
    await transaction.insert(agentSteps).values({
      ...{ orgId: place.orgId, runId: place.runId },
      number: step,
      kind: 'model',
      status: 'pending',
    });
    await changeRun(transaction, place, { lastStep: step });
    return { kind: 'model', step, isLast: isAtLimit(open) };
  }
  if (!run.isTask) return { kind: 'end' };
  await endRun(services, transaction, place, { status: 'succeeded' });
  return { kind: 'end' };
}

/** True while a person has said something that the model was not told yet, or tools gave something that it has not seen. */
async function isUnanswered(transaction: Transaction, { orgId, runId }: RunPlace): Promise<boolean> {
  const [row] = await transaction.execute<{ is_unanswered: boolean }>(sql`
    WITH model AS (
      SELECT number, seen_message FROM agent_steps
      WHERE org_id = ${orgId}::uuid AND run_id = ${runId}::uuid AND kind = 'model' AND status = 'succeeded'
      ORDER BY number DESC LIMIT 1)
    SELECT EXISTS (SELECT FROM agent_messages m WHERE m.org_id = ${orgId}::uuid AND m.run_id = ${runId}::uuid AND m.role = 'user'
        AND m.number > coalesce((SELECT seen_message FROM model), 0))
      OR EXISTS (SELECT FROM agent_steps s, model WHERE s.org_id = ${orgId}::uuid AND s.run_id = ${runId}::uuid
        AND s.model_step = model.number) AS is_unanswered`);
  return row?.is_unanswered ?? false;
}

/** True once the agent has gone as far as it may since the last word of a person. */
function isAtLimit({ run, definition: { limits } }: OpenRun): boolean {
  return (
    run.turnModelCalls >= limits.steps ||
    run.turnToolCalls >= limits.toolCalls ||
    Date.now() - Date.parse(run.turnStartedAt) >= limits.minutes * 60_000
  );
}

function toolOf({ catalogue }: Services, { number, action }: AgentStepRow) {
  const known = action === null ? undefined : catalogue.actions.get(action);
  return { number, isLocal: known ? known.kind === 'domain' && !known.outside : true };
}

function firstMoment(steps: readonly AgentStepRow[]): number | null {
  const moments = steps.flatMap(({ waitsUntil }) => (waitsUntil === null ? [] : [Date.parse(waitsUntil)]));
  return moments.length === 0 ? null : Math.min(...moments);
}

function earliest(...moments: (number | null)[]): number | null {
  const known = moments.filter((moment) => moment !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** How the run shows itself from now on; undefined where it stays as it is. */
function statusOf(move: AgentMove, open: OpenRun): Partial<AgentRunRow> | undefined {
  const { run } = open;
  if (run.finishedAt !== null || run.status === 'failed' || run.cancelRequestedAt !== null) return undefined;
  const status = shownStatus(move, open);
  if (status === run.status) return undefined;
  return { status, ...(run.startedAt === null && { startedAt: new Date().toISOString() }) };
}

function shownStatus(move: AgentMove, { run, isHalted }: OpenRun): AgentRunRow['status'] {
  if (move.kind === 'model' || move.kind === 'tools') return 'running';
  if (move.kind === 'end') return run.isTask ? 'succeeded' : 'idle';
  return isHalted ? 'paused' : 'waiting';
}
