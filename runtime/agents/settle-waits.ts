import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '#db/client.js';
import { agentRuns, agentSteps, waits } from '#db/schema/index.js';
import { StoredValue, unpackValue } from '../packing.js';
import type { Services } from '../services.js';
import { AssistantContent } from './agent-message.js';
import type { RunPlace } from './agent-run.js';
import { type AgentStepRow, changeStep, failStep, finishStep } from './agent-step.js';

const Decision = z.object({ decision: z.enum(['approved', 'rejected']), comment: z.string().nullable() });

/** Goes on with steps that have waited: what people decided, moments that have come, runs of other agents that have ended. */
export async function settleWaits(
  services: Services,
  transaction: Transaction,
  place: RunPlace,
): Promise<void> {
  const waiting = await transaction
    .select()
    .from(agentSteps)
    .where(
      and(
        eq(agentSteps.orgId, place.orgId),
        eq(agentSteps.runId, place.runId),
        eq(agentSteps.status, 'waiting'),
      ),
    );
  for (const step of waiting) {
    if (step.waitsFor === 'approval') await settleApproval(transaction, place, step);
    if (step.waitsFor === 'moment') await settleMoment(services, transaction, place, step);
    if (step.waitsFor === 'agent') await settleDelegate(services, transaction, place, step);
  }
}

async function settleApproval(
  transaction: Transaction,
  place: RunPlace,
  { number }: AgentStepRow,
): Promise<void> {
  const { orgId, runId } = place;
  const own = and(eq(waits.orgId, orgId), eq(waits.agentRunId, runId), eq(waits.nodeId, String(number)));
  await transaction
    .update(waits)
    .set({ status: 'expired', closedAt: sql`now()` })
    .where(and(own, eq(waits.status, 'open'), sql`expires_at <= now()`));
  const [wait] = await transaction
    .update(waits)
    .set({ takenAt: sql`coalesce(taken_at, now())` })
    .where(and(own, sql`status <> 'open'`))
    .returning({ status: waits.status, answer: waits.answer });
  if (!wait) return;
  if (wait.status !== 'answered') {
    await failStep(transaction, place, number, {
      code: 'approval_required',
      message: 'Nobody has approved it in time',
    });
    return;
  }
  const { decision, comment } = Decision.parse(wait.answer);
  if (decision === 'approved') {
    await changeStep(transaction, place, number, { status: 'pending', waitsFor: null, waitsUntil: null });
    return;
  }
  const reason = comment ? `: ${comment}` : '';
  await failStep(transaction, place, number, {
    code: 'forbidden',
    message: `A person has rejected it${reason}`,
  });
}

async function settleMoment(
  { files }: Services,
  transaction: Transaction,
  place: RunPlace,
  { number, waitsUntil }: AgentStepRow,
): Promise<void> {
  if (waitsUntil === null || Date.parse(waitsUntil) > Date.now()) return;
  const output = { waitedUntil: new Date(waitsUntil).toISOString() };
  await finishStep(files(place.orgId, transaction), transaction, place, number, output);
}

async function settleDelegate(
  { files }: Services,
  transaction: Transaction,
  place: RunPlace,
  { number }: AgentStepRow,
): Promise<void> {
  const { orgId, runId } = place;
  const [child] = await transaction
    .select({ status: agentRuns.status, result: agentRuns.result, finishedAt: agentRuns.finishedAt })
    .from(agentRuns)
    .where(
      and(eq(agentRuns.orgId, orgId), eq(agentRuns.parentRunId, runId), eq(agentRuns.parentStep, number)),
    );
  if (!child || child.finishedAt === null) return;
  if (child.status !== 'succeeded') {
    const message = `The other agent's work has ${child.status === 'cancelled' ? 'been cancelled' : 'failed'}`;
    await failStep(transaction, place, number, { code: 'run_failed', message });
    return;
  }
  const store = files(orgId, transaction);
  const content = AssistantContent.parse(await unpackValue(store, StoredValue.parse(child.result)));
  await finishStep(store, transaction, place, number, { answer: content.text });
}
