import { continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { RetentionActivities } from '#activities/retention-activities.js';

/** Tried until the database is back; what was erased stays so. */
const { eraseAgain, eraseDue } = proxyActivities<RetentionActivities>({
  startToCloseTimeout: 6 * 60 * 60_000,
  heartbeatTimeout: 30_000,
  retry: { initialInterval: 1_000, backoffCoefficient: 2, maximumInterval: 60_000 },
});

/** Erases organizations whose days of grace are over, and has whatever is back after its erasure erased again. */
export async function eraseOrganizations(after: string | null = null): Promise<void> {
  if (after === null) await eraseAgain();
  let last = after;
  do {
    ({ last } = await eraseDue({ after: last }));
    if (last !== null && workflowInfo().continueAsNewSuggested)
      await continueAsNew<typeof eraseOrganizations>(last);
  } while (last !== null);
}
