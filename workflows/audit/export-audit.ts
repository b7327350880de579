import { continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { AuditActivities } from '#activities/audit-activities.js';

/** Tried until the database is back; a part that was written is not written again. */
const { writeExportPart } = proxyActivities<AuditActivities>({
  startToCloseTimeout: 10 * 60_000,
  retry: { initialInterval: 1_000, backoffCoefficient: 2, maximumInterval: 60_000 },
});

/** Writes an export of the audit log, part by part. */
export async function exportAudit(request: { orgId: string; id: string }): Promise<void> {
  let hasMore = true;
  while (hasMore) {
    ({ hasMore } = await writeExportPart(request));
    if (hasMore && workflowInfo().continueAsNewSuggested) await continueAsNew<typeof exportAudit>(request);
  }
}
