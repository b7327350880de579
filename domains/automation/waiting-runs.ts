import { and, eq, isNotNull, sql } from 'drizzle-orm';
import { dispatchQueue, runs } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { lockLimits } from '#runtime/limits/lock-limits.js';
import { dispatchChannel } from '#runtime/outbox.js';
import { answerRunWaits } from '#runtime/waits/answer-run-waits.js';

/** Cancels the runs of an automation that wait for their turn. */
export async function cancelWaitingRuns(
  { db, actor, services, afterCommit }: DomainContext,
  automationId: string,
): Promise<void> {
  // Else the dispatcher could be letting some of them go, in another order.
  await lockLimits(db, actor.orgId);
  const cancelled = await db
    .update(runs)
    .set({ status: 'cancelled', finishedAt: sql`now()` })
    .where(and(eq(runs.automationId, automationId), eq(runs.status, 'queued'), isNotNull(runs.heldFor)))
    .returning({ id: runs.id });
  const queued = await answerRunWaits(
    db,
    actor.orgId,
    cancelled.map(({ id }) => id),
  );
  if (queued > 0) afterCommit(() => services.hub.publish(dispatchChannel, { type: 'run', id: automationId }));
}

/** Has the dispatcher go on with the runs of an automation that was paused. */
export async function wakeWaitingRuns(
  { db, actor, services, afterCommit }: DomainContext,
  automationId: string,
): Promise<void> {
  const paused = await db
    .select({ sourceId: runs.id })
    .from(runs)
    .where(and(eq(runs.automationId, automationId), eq(runs.status, 'queued'), eq(runs.heldFor, 'paused')));
  if (paused.length === 0) return;
  await db
    .insert(dispatchQueue)
    .values(paused.map(({ sourceId }) => ({ orgId: actor.orgId, kind: 'turn' as const, sourceId })));
  afterCommit(() => services.hub.publish(dispatchChannel, { type: 'run', id: automationId }));
}
