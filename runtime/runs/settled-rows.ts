import { and, asc, eq, gt, inArray } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { runSteps } from '#db/schema/index.js';

export type SettledRow = typeof runSteps.$inferSelect;

const settled = ['succeeded', 'failed'] as const;
const passedBy = ['skipped', 'cancelled'] as const;

interface SettledPlace {
  runId: string;
  iteration: string;
  isContinued: boolean;
  after: string | null;
  limit: number;
}

/**
 * Steps of one pass of a run, or outside of loops, that succeeded or failed, and with `isContinued` those that were
 * skipped or cancelled; by node, after one of them.
 */
export async function settledRows(
  transaction: Transaction,
  { runId, iteration, isContinued, after, limit }: SettledPlace,
): Promise<SettledRow[]> {
  return transaction
    .select()
    .from(runSteps)
    .where(
      and(
        eq(runSteps.runId, runId),
        eq(runSteps.iteration, iteration),
        inArray(runSteps.status, isContinued ? [...settled, ...passedBy] : [...settled]),
        after === null ? undefined : gt(runSteps.nodeId, after),
      ),
    )
    .orderBy(asc(runSteps.nodeId))
    .limit(limit);
}
