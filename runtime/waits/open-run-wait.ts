import { eq, sql } from 'drizzle-orm';
import type { RunWaitOpening } from '#core/automation/wait.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { runs, waits } from '#db/schema/index.js';
import { answerRunWaits } from './answer-run-waits.js';

/**
 * Opens a wait for the end of another run, or takes up the one that an earlier attempt has left. Tells whether the run
 * has ended already: then nothing will wake the workflow. Throws `not_found`.
 */
export async function openRunWait(
  transaction: Transaction,
  opening: RunWaitOpening,
): Promise<{ waitId: string; isOver: boolean }> {
  const { orgId, runId, nodeId, iteration, attempt, workflowId, awaitedRunId } = opening;
  const expiresAt = opening.expiresAt === null ? null : new Date(opening.expiresAt).toISOString();
  // Its end is either written before, and seen here, or after, and then it sees the wait.
  const [awaited] = await transaction
    .select({ finishedAt: runs.finishedAt })
    .from(runs)
    .where(eq(runs.id, awaitedRunId))
    .for('share');
  if (!awaited) throw new AppError('not_found', 'There is no such run');
  const place = { orgId, runId, nodeId, iteration, attempt };
  const [wait] = await transaction
    .insert(waits)
    .values({ ...place, workflowId, kind: 'run', topic: `run:${awaitedRunId}`, expiresAt })
    .onConflictDoUpdate({
      target: [waits.orgId, waits.runId, waits.nodeId, waits.iteration, waits.attempt],
      set: {
        workflowId,
        expiresAt,
        status: sql`CASE WHEN waits.status = 'answered' THEN 'answered' ELSE 'open' END`,
        closedAt: sql`CASE WHEN waits.status = 'answered' THEN waits.closed_at END`,
        takenAt: null,
      },
    })
    .returning({ id: waits.id, status: waits.status });
  if (!wait) throw new Error('A wait was neither opened nor found');
  if (awaited.finishedAt !== null) await answerRunWaits(transaction, orgId, [awaitedRunId]);
  return { waitId: wait.id, isOver: awaited.finishedAt !== null || wait.status === 'answered' };
}
