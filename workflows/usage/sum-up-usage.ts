import { continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { UsageActivities } from '#activities/usage-activities.js';

/** Tried until the database is back; days that are summed up stay so. */
const { closeUsage } = proxyActivities<UsageActivities>({
  startToCloseTimeout: 60 * 60_000,
  heartbeatTimeout: 30_000,
  retry: { initialInterval: 1_000, backoffCoefficient: 2, maximumInterval: 60_000 },
});

/** Sums up the days that are over, of what was used of models, organization by organization. */
export async function sumUpUsage(after: string | null = null): Promise<void> {
  let last = after;
  do {
    ({ last } = await closeUsage({ after: last }));
    if (last !== null && workflowInfo().continueAsNewSuggested) await continueAsNew<typeof sumUpUsage>(last);
  } while (last !== null);
}
