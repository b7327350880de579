import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { and, eq, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { dataExports, dispatchQueue, erasures } from '#db/schema/index.js';
import type { Services } from '#runtime/services.js';
import type { QueueEntry } from './dispatch-batch.js';

/** An export or an erasure whose workflow is to be started. */
export interface PrivacyWork {
  orgId: string;
  kind: 'export' | 'erasure';
  id: string;
}

const firstLookSeconds = 5;
const longestPauseSeconds = 600;

/**
 * The exports and erasures that have not begun. For each a note stays in the queue, put off, until it has: a process may
 * end, or the engine be away, before the workflow is started.
 */
export async function findPrivacyWork(
  transaction: Transaction,
  orgId: string,
  entries: readonly QueueEntry[],
): Promise<PrivacyWork[]> {
  const work: PrivacyWork[] = [];
  for (const { kind, sourceId: id, attempts } of entries) {
    if (kind !== 'export' && kind !== 'erasure') continue;
    const hasYetToBegin = await (kind === 'export'
      ? isQueued(transaction, id)
      : isScheduled(transaction, id));
    if (!hasYetToBegin) continue;
    const pauseSeconds = Math.min(longestPauseSeconds, firstLookSeconds * 2 ** Math.min(attempts, 10));
    const availableAt = sql`now() + make_interval(secs => ${pauseSeconds})`;
    await transaction
      .insert(dispatchQueue)
      .values({ orgId, kind, sourceId: id, attempts: attempts + 1, availableAt });
    work.push({ orgId, kind, id });
  }
  return work;
}

/** Starts the workflows. What fails is repeated by its note in the queue, so nothing is thrown here. */
export async function startPrivacyWork(
  services: Pick<Services, 'configuration' | 'logger'>,
  client: Client,
  work: readonly PrivacyWork[],
): Promise<void> {
  for (const { orgId, kind, id } of work) {
    try {
      await client.workflow.start(kind === 'export' ? 'exportData' : 'erasePerson', {
        taskQueue: services.configuration.TEMPORAL_TASK_QUEUE,
        workflowId: privacyWorkflowId(orgId, kind, id),
        args: [kind === 'export' ? { orgId, exportId: id } : { orgId, erasureId: id }],
        // An erasure that has left something may be begun again.
        workflowIdReusePolicy: kind === 'export' ? 'REJECT_DUPLICATE' : 'ALLOW_DUPLICATE',
        priority: { fairnessKey: orgId },
      });
    } catch (err) {
      if (err instanceof WorkflowExecutionAlreadyStartedError) continue;
      services.logger.warn({ err, orgId, kind, id }, 'An export or erasure could not be started yet');
    }
  }
}

/** Id of the workflow of an export or an erasure. Led by the organization. */
export function privacyWorkflowId(orgId: string, kind: PrivacyWork['kind'], id: string): string {
  return `org/${orgId}/${kind}s/${id}`;
}

async function isQueued(transaction: Transaction, id: string): Promise<boolean> {
  const rows = await transaction
    .select({ id: dataExports.id })
    .from(dataExports)
    .where(and(eq(dataExports.id, id), eq(dataExports.status, 'queued')));
  return rows.length > 0;
}

async function isScheduled(transaction: Transaction, id: string): Promise<boolean> {
  const rows = await transaction
    .select({ id: erasures.id })
    .from(erasures)
    .where(and(eq(erasures.id, id), eq(erasures.status, 'scheduled')));
  return rows.length > 0;
}
