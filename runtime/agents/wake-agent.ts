import { and, eq, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { agentRuns, dispatchQueue } from '#db/schema/index.js';

/**
 * Notes that the workflow of a run is to be told of news, and begun if there is none: the dispatcher does it for as long as it
 * takes. To be called in the transaction of the news; `dispatchChannel` is told after it.
 */
export async function wakeAgent(transaction: Transaction, orgId: string, runId: string): Promise<void> {
  await transaction
    .update(agentRuns)
    .set({ wakes: sql`${agentRuns.wakes} + 1` })
    .where(and(eq(agentRuns.orgId, orgId), eq(agentRuns.id, runId)));
  await transaction.insert(dispatchQueue).values({ orgId, kind: 'agent', sourceId: runId });
}
