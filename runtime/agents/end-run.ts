import { and, eq, inArray, sql } from 'drizzle-orm';
import type { ErrorRecord } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { agentMessages, agentRuns, agentSteps, waits } from '#db/schema/index.js';
import type { Services } from '../services.js';
import { changeRun, type RunPlace } from './agent-run.js';
import { wakeAgent } from './wake-agent.js';

export type RunEnd =
  | { status: 'succeeded' }
  | { status: 'cancelled' }
  | { status: 'failed'; error: ErrorRecord };

/**
 * Ends a run for good: what is open in it is cancelled, so are the runs that it waits for, and whoever waits for it is woken. Doing it
 * twice is harmless.
 */
export async function endRun(
  _services: Services,
  transaction: Transaction,
  place: RunPlace,
  end: RunEnd,
): Promise<void> {
  const { orgId, runId } = place;
  const now = new Date().toISOString();
  await closeOpen(transaction, place, now);
  const children = await transaction
    .update(agentRuns)
    .set({ cancelRequestedAt: now })
    .where(
      and(
        eq(agentRuns.orgId, orgId),
        eq(agentRuns.parentRunId, runId),
        sql`finished_at IS NULL AND cancel_requested_at IS NULL`,
      ),
    )
    .returning({ id: agentRuns.id });
  for (const { id } of children) await wakeAgent(transaction, orgId, id);
  await changeRun(transaction, place, {
    status: end.status,
    finishedAt: now,
    ...(end.status === 'failed' && { error: end.error }),
    ...(end.status === 'succeeded' && { result: await readAnswer(transaction, place) }),
  });
  const [run] = await transaction
    .select({ parentRunId: agentRuns.parentRunId })
    .from(agentRuns)
    .where(and(eq(agentRuns.orgId, orgId), eq(agentRuns.id, runId)));
  if (run?.parentRunId) await wakeAgent(transaction, orgId, run.parentRunId);
}

/** Cancels the steps of a run that have not ended, and what they wait for. */
export async function closeOpen(
  transaction: Transaction,
  { orgId, runId }: RunPlace,
  now: string,
): Promise<void> {
  await transaction
    .update(agentSteps)
    .set({ status: 'cancelled', finishedAt: now, waitsFor: null, waitsUntil: null })
    .where(
      and(
        eq(agentSteps.orgId, orgId),
        eq(agentSteps.runId, runId),
        inArray(agentSteps.status, ['pending', 'running', 'waiting']),
      ),
    );
  await transaction
    .update(waits)
    .set({ status: 'cancelled', closedAt: now, takenAt: now })
    .where(and(eq(waits.orgId, orgId), eq(waits.agentRunId, runId), eq(waits.status, 'open')));
}

/** Its last word, packed as it is kept. */
async function readAnswer(transaction: Transaction, { orgId, runId }: RunPlace): Promise<unknown> {
  const [row] = await transaction
    .select({ content: agentMessages.content })
    .from(agentMessages)
    .where(
      and(
        eq(agentMessages.orgId, orgId),
        eq(agentMessages.runId, runId),
        eq(agentMessages.role, 'assistant'),
      ),
    )
    .orderBy(sql`${agentMessages.number} DESC`)
    .limit(1);
  return row?.content ?? null;
}
