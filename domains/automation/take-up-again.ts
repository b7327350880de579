import { and, eq, inArray, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { everyNode, type Plan } from '#core/automation/plan.js';
import { isSettled } from '#core/automation/settled.js';
import type { Transaction } from '#db/client.js';
import { automationVersions, dispatchQueue, runSteps, runs } from '#db/schema/index.js';
import { versionOfRun } from '#db/version-joins.js';
import type { DomainContext } from '#runtime/domain.js';
import { dispatchChannel } from '#runtime/outbox.js';
import { runWorkflowId } from '#runtime/runs/workflow-id.js';
import { Run, runColumns } from './run.js';

/** Puts those of the runs that have failed or were cancelled into the queue again, unless their steps were undone. Of two at once, one does. */
export async function takeUpAgain(
  { db, actor, services, afterCommit }: DomainContext,
  ids: readonly string[],
): Promise<z.output<typeof Run>[]> {
  if (ids.length === 0) return [];
  const { orgId } = actor;
  const ended = await db
    .select({ id: runs.id, attempt: runs.attempt, plan: automationVersions.plan })
    .from(runs)
    .innerJoin(automationVersions, versionOfRun)
    .where(and(inArray(runs.id, [...ids]), inArray(runs.status, ['failed', 'cancelled'])))
    .orderBy(runs.id)
    .for('update', { of: runs });
  const taken: z.output<typeof Run>[] = [];
  for (const { id, attempt, plan } of ended) {
    if (await isUndone(db, id, plan)) continue;
    const handled = everyNode(plan)
      .filter((node) => isSettled(node, 'failed'))
      .map((node) => node.id);
    await forgetUnsettled(db, id, handled);
    const [row] = await db
      .update(runs)
      .set({
        status: 'queued',
        attempt: attempt + 1,
        workflowId: runWorkflowId(orgId, id, attempt + 1),
        startedAt: null,
        finishedAt: null,
        terminatedAt: null,
        result: null,
        heldFor: 'dispatcher',
        error: null,
      })
      .where(eq(runs.id, id))
      .returning(runColumns);
    await db.insert(dispatchQueue).values({ orgId, kind: 'run', sourceId: id });
    taken.push(Run.parse(row));
  }
  for (const { id } of taken) {
    afterCommit(() => services.hub.publish(dispatchChannel, { type: 'run', id }));
  }
  return taken;
}

/** A run whose steps were undone has nothing to go on from. */
async function isUndone(db: Transaction, runId: string, { compensations }: Plan): Promise<boolean> {
  const undoing = Object.values(compensations).flatMap((nodes) => nodes.map(({ id }) => id));
  if (undoing.length === 0) return false;
  const steps = await db
    .select({ nodeId: runSteps.nodeId })
    .from(runSteps)
    .where(and(eq(runSteps.runId, runId), inArray(runSteps.nodeId, undoing)))
    .limit(1);
  return steps.length > 0;
}

/** Steps that will be done anew; of those from which the run went on, `handled`, the failure stays. */
async function forgetUnsettled(db: Transaction, runId: string, handled: readonly string[]): Promise<void> {
  await db.delete(runSteps).where(
    and(
      eq(runSteps.runId, runId),
      sql`NOT (${runSteps.status} = 'succeeded'
        OR ${runSteps.status} = 'failed' AND ${runSteps.nodeId} = ANY(${sql.param([...handled])}::text[]))`,
    ),
  );
}
