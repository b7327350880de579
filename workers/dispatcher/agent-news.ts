import type { Client } from '@temporalio/client';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { agentWakeSignal, agentWorkflowId } from '#core/agents/run.js';
import type { Transaction } from '#db/client.js';
import { agentRuns, dispatchQueue } from '#db/schema/index.js';
import type { Services } from '#runtime/services.js';
import type { QueueEntry } from './dispatch-batch.js';

/** A run of an agent whose workflow is to be begun, or told that there is something to do. */
export interface AgentNews {
  orgId: string;
  runId: string;
}

const firstLookSeconds = 5;
const longestPauseSeconds = 300;

/**
 * The runs of which something has not been taken up. For each a note stays in the queue, put off, until it has: a process may end, or
 * the engine be away, before the workflow hears of it.
 */
export async function findAgentNews(
  transaction: Transaction,
  orgId: string,
  entries: readonly QueueEntry[],
): Promise<AgentNews[]> {
  if (entries.length === 0) return [];
  const ids = entries.map(({ sourceId }) => sourceId);
  const rows = await transaction
    .select({ runId: agentRuns.id })
    .from(agentRuns)
    .where(
      and(
        eq(agentRuns.orgId, orgId),
        inArray(agentRuns.id, ids),
        sql`${agentRuns.wakes} > ${agentRuns.wakesTaken}`,
      ),
    );
  const notes = rows.map(({ runId }) => {
    const own = entries.filter(({ sourceId }) => sourceId === runId);
    const attempts = Math.max(...own.map((entry) => entry.attempts));
    const pauseSeconds = Math.min(longestPauseSeconds, firstLookSeconds * 2 ** Math.min(attempts, 10));
    const availableAt = sql`now() + make_interval(secs => ${pauseSeconds})`;
    return { orgId, kind: 'agent' as const, sourceId: runId, attempts: attempts + 1, availableAt };
  });
  if (notes.length > 0) await transaction.insert(dispatchQueue).values(notes);
  return rows.map(({ runId }) => ({ orgId, runId }));
}

/** Tells the workflows, and begins those that are not there. What fails is repeated by its note, so nothing is thrown here. */
export async function tellAgents(
  services: Pick<Services, 'configuration' | 'logger'>,
  client: Client,
  news: readonly AgentNews[],
): Promise<void> {
  await Promise.all(
    news.map(async (place) => {
      const { orgId, runId } = place;
      try {
        await client.workflow.signalWithStart('agentRun', {
          taskQueue: services.configuration.TEMPORAL_TASK_QUEUE,
          workflowId: agentWorkflowId(orgId, runId),
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          args: [{ orgId, runId }],
          signal: agentWakeSignal,
          priority: { fairnessKey: orgId },
        });
      } catch (err) {
        services.logger.warn(
          { err, orgId, runId },
          'An agent could not be told of news yet; it will be tried again',
        );
      }
    }),
  );
}
