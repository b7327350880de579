import { and, asc, eq, gt, inArray } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { runSteps } from '#db/schema/index.js';

export type SettledRow = typeof runSteps.$inferSelect;

/** Steps of a run outside of loops that succeeded or failed, by node, after one of them. */
export async function settledRows(
  transaction: Transaction,
  { runId, after, limit }: { runId: string; after: string | null; limit: number },
): Promise<SettledRow[]> {
  return transaction
    .select()
    .from(runSteps)
    .where(
      and(
        eq(runSteps.runId, runId),
        eq(runSteps.iteration, ''),
        inArray(runSteps.status, ['succeeded', 'failed']),
        after === null ? undefined : gt(runSteps.nodeId, after),
      ),
    )
    .orderBy(asc(runSteps.nodeId))
    .limit(limit);
}
