import { and, eq, isNull, sql } from 'drizzle-orm';
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

/**
 * Has all runs that have not ended look where they stand: those of one agent, or of the organization. Returns how many.
 */
export async function wakeAgentRuns(
  transaction: Transaction,
  orgId: string,
  agentId?: string,
): Promise<number> {
  const woken = await transaction
    .update(agentRuns)
    .set({ wakes: sql`${agentRuns.wakes} + 1` })
    .where(
      and(
        eq(agentRuns.orgId, orgId),
        agentId === undefined ? undefined : eq(agentRuns.agentId, agentId),
        isNull(agentRuns.finishedAt),
      ),
    )
    .returning({ sourceId: agentRuns.id });
  if (woken.length > 0)
    await transaction
      .insert(dispatchQueue)
      .values(woken.map(({ sourceId }) => ({ orgId, kind: 'agent' as const, sourceId })));
  return woken.length;
}
