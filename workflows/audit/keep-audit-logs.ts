import { continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { AuditActivities } from '#activities/audit-activities.js';

/** Tried until the database is back; what was archived stays archived. */
const { keepAudit } = proxyActivities<AuditActivities>({
  startToCloseTimeout: 60 * 60_000,
  heartbeatTimeout: 120_000,
  retry: { initialInterval: 1_000, backoffCoefficient: 2, maximumInterval: 60_000 },
});

/** Archives old audit entries and removes old exports, organization by organization. */
export async function keepAuditLogs(after: string | null = null): Promise<void> {
  let last = after;
  do {
    ({ last } = await keepAudit({ after: last }));
    if (last !== null && workflowInfo().continueAsNewSuggested)
      await continueAsNew<typeof keepAuditLogs>(last);
  } while (last !== null);
}
