import { and, eq, isNull } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { runs } from '#db/schema/index.js';
import { queueTurns } from '../limits/queue-turns.js';
import { dispatchChannel } from '../outbox.js';
import type { Services } from '../services.js';
import { answerRunWaits } from '../waits/answer-run-waits.js';

/**
 * Cancels a run that has not ended, as far as the database can. Returns what is left to be done after the commit:
 * telling its workflow, which throws `conflict` if the run has ended by then and `provider_unavailable` while the engine
 * is away; undefined for a run that has ended, or is not there.
 */
export async function cancelUnfinished(
  db: Transaction,
  { engine, hub }: Pick<Services, 'engine' | 'hub'>,
  { orgId, id }: { orgId: string; id: string },
): Promise<(() => Promise<void>) | undefined> {
  const [run] = await db
    .select({ status: runs.status, workflowId: runs.workflowId })
    .from(runs)
    .where(and(eq(runs.id, id), isNull(runs.finishedAt)));
  if (!run) return undefined;
  const request = { orgId, runId: id, workflowId: run.workflowId };
  const cancelled = run.status === 'queued' ? await cancelQueued(db, id) : undefined;
  if (!cancelled) return () => engine.cancelRun(request);
  const { automationId, line, heldFor, workflowId } = cancelled;
  const turns = await queueTurns(db, orgId, [{ runId: id, automationId, line }]);
  const queued = turns + (await answerRunWaits(db, orgId, [id]));
  return async () => {
    if (queued > 0) hub.publish(dispatchChannel, { type: 'run', id });
    // Its workflow may be starting at this very moment, unless a limit has held it.
    if (heldFor === null || heldFor === 'dispatcher')
      await engine.cancelRun({ ...request, workflowId }).catch(ignoreUnlessReachable);
  };
}

/** Cancels a run that the engine has not begun; the dispatcher leaves it out from now on. */
async function cancelQueued(db: Transaction, id: string) {
  const [cancelled] = await db
    .update(runs)
    .set({ status: 'cancelled', finishedAt: new Date().toISOString() })
    .where(and(eq(runs.id, id), eq(runs.status, 'queued')))
    .returning({
      automationId: runs.automationId,
      line: runs.line,
      heldFor: runs.heldFor,
      workflowId: runs.workflowId,
    });
  return cancelled;
}

function ignoreUnlessReachable(error: unknown): void {
  if (!(error instanceof AppError)) throw error;
}
