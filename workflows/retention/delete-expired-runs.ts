import { continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { RetentionActivities } from '#activities/retention-activities.js';

/** Tried until the database is back; what was deleted stays deleted. */
const { deleteExpired } = proxyActivities<RetentionActivities>({
  startToCloseTimeout: 60 * 60_000,
  heartbeatTimeout: 120_000,
  retry: { initialInterval: 1_000, backoffCoefficient: 2, maximumInterval: 60_000 },
});

/** Deletes run data that has been kept for as long as it shall be, organization by organization. */
export async function deleteExpiredRuns(after: string | null = null): Promise<void> {
  let last = after;
  do {
    ({ last } = await deleteExpired({ after: last }));
    if (last !== null && workflowInfo().continueAsNewSuggested)
      await continueAsNew<typeof deleteExpiredRuns>(last);
  } while (last !== null);
}
