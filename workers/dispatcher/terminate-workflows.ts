import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { dispatchQueue, runs } from '#db/schema/index.js';
import { runWorkflowId } from '#runtime/runs/workflow-id.js';
import type { Services } from '#runtime/services.js';
import { abandonWaits } from '#runtime/waits/abandon-waits.js';
import type { QueueEntry } from './dispatch-batch.js';

/** What is left of a run that was terminated. */
export interface Termination {
  orgId: string;
  runId: string;
  /** The workflow to end; undefined while it carries other runs. */
  workflowId: string | undefined;
  /** Tells the workflows of subflows that they are cancelled. */
  tells: readonly (() => Promise<void>)[];
}

const firstLookSeconds = 5;
const longestPauseSeconds = 300;
/** About an hour; by then the engine has been told, or the run's late writes are refused all the same. */
const maxAttempts = 18;

/** The workflows of runs that were terminated. For each a note stays in the queue, so that it is looked at again. */
export async function findTerminations(
  services: Services,
  transaction: Transaction,
  orgId: string,
  entries: readonly QueueEntry[],
): Promise<Termination[]> {
  const terminations: Termination[] = [];
  for (const { sourceId: runId, attempts } of entries) {
    const [run] = await transaction.select().from(runs).where(eq(runs.id, runId));
    if (!run) continue;
    if (attempts + 1 < maxAttempts) {
      const pauseSeconds = Math.min(longestPauseSeconds, firstLookSeconds * 2 ** attempts);
      const availableAt = sql`now() + make_interval(secs => ${pauseSeconds})`;
      const note = { orgId, kind: 'terminate' as const, sourceId: runId };
      await transaction.insert(dispatchQueue).values({ ...note, attempts: attempts + 1, availableAt });
    }
    // One that was taken up again has a new workflow by now, which is left alone.
    const isOver = run.finishedAt !== null;
    const workflowId = isOver ? run.workflowId : runWorkflowId(orgId, runId, Math.max(1, run.attempt - 1));
    const tells = isOver ? await abandonWaits(transaction, services, { orgId, runId }) : [];
    const isFree = !(await carriesOthers(transaction, workflowId));
    terminations.push({ orgId, runId, workflowId: isFree ? workflowId : undefined, tells });
  }
  return terminations;
}

/** Ends workflows. What fails is repeated by its note in the queue, so nothing is thrown here. */
export async function terminateWorkflows(
  services: Services,
  client: Client,
  terminations: readonly Termination[],
): Promise<void> {
  await Promise.all(
    terminations.map(async ({ orgId, runId, workflowId, tells }) => {
      const ending = workflowId === undefined ? [] : [terminate(client, workflowId)];
      for (const result of await Promise.allSettled([...ending, ...tells.map((tell) => tell())])) {
        if (result.status === 'fulfilled') continue;
        const details = { err: result.reason, orgId, runId };
        services.logger.warn(details, 'A terminated run could not be ended in the engine yet');
      }
    }),
  );
}

async function terminate(client: Client, workflowId: string): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId).terminate('The run was terminated');
  } catch (error) {
    // It has ended, or never began.
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

async function carriesOthers(transaction: Transaction, workflowId: string): Promise<boolean> {
  const rows = await transaction
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.workflowId, workflowId), isNull(runs.finishedAt)))
    .limit(1);
  return rows.length > 0;
}
