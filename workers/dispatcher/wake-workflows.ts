import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { wakeSignal } from '#core/automation/wait.js';
import type { Transaction } from '#db/client.js';
import { dispatchQueue, waits } from '#db/schema/index.js';
import type { Services } from '#runtime/services.js';
import type { QueueEntry } from './dispatch-batch.js';

/** A workflow to tell that a wait of it was answered. */
export interface Wake {
  orgId: string;
  waitId: string;
  workflowId: string;
}

const firstLookSeconds = 5;
const longestPauseSeconds = 300;
/** After about a day the workflow is taken for gone. */
const maxAttempts = 300;

/**
 * The waits that were answered and whose workflow has not taken the answer. For each, a note stays in the queue, so
 * that a workflow that could not be reached is woken again.
 */
export async function findWakes(
  transaction: Transaction,
  orgId: string,
  entries: readonly QueueEntry[],
): Promise<Wake[]> {
  const rows = await transaction
    .select({ waitId: waits.id, workflowId: waits.workflowId })
    .from(waits)
    .where(
      and(
        inArray(
          waits.id,
          entries.map(({ sourceId }) => sourceId),
        ),
        eq(waits.status, 'answered'),
        isNull(waits.takenAt),
      ),
    );
  const wakes = rows.map((row) => ({ orgId, ...row }));
  const notes = wakes.flatMap(({ waitId }) => {
    const own = entries.filter(({ sourceId }) => sourceId === waitId);
    const attempts = Math.max(...own.map((entry) => entry.attempts));
    if (attempts >= maxAttempts) return [];
    const pauseSeconds = Math.min(longestPauseSeconds, firstLookSeconds * 2 ** attempts);
    const availableAt = sql`now() + make_interval(secs => ${pauseSeconds})`;
    return [{ orgId, kind: 'wake' as const, sourceId: waitId, attempts: attempts + 1, availableAt }];
  });
  if (notes.length > 0) await transaction.insert(dispatchQueue).values(notes);
  return wakes;
}

/** Wakes workflows. One that can't be reached is woken again by its note in the queue, so nothing is thrown here. */
export async function wakeWorkflows(
  services: Services,
  client: Client,
  wakes: readonly Wake[],
): Promise<void> {
  await Promise.all(
    wakes.map(async ({ orgId, waitId, workflowId }) => {
      try {
        await client.workflow.getHandle(workflowId).signal(wakeSignal, waitId);
      } catch (err) {
        // It has ended, with its run.
        if (err instanceof WorkflowNotFoundError) return;
        services.logger.warn(
          { err, orgId, workflowId },
          'A workflow could not be woken; it will be tried again',
        );
      }
    }),
  );
}
