import { ActivityFailure, continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { PrivacyActivities } from '#activities/privacy-activities.js';
import type { ExportProgress, ExportReference } from '#core/privacy.js';

const retry = { initialInterval: 1_000, backoffCoefficient: 2, maximumInterval: 60_000 };
const { beginExport, writePiece, failExport } = proxyActivities<PrivacyActivities>({
  startToCloseTimeout: 5 * 60_000,
  heartbeatTimeout: 30_000,
  retry: { ...retry, maximumAttempts: 30 },
});
const { assembleArchive } = proxyActivities<PrivacyActivities>({
  startToCloseTimeout: 6 * 60 * 60_000,
  heartbeatTimeout: 30_000,
  retry: { ...retry, maximumAttempts: 10 },
});

/** Writes an export piece by piece and makes an archive of it. What was written is not written again after a crash. */
export async function exportData(reference: ExportReference, earlier?: ExportProgress): Promise<void> {
  try {
    let progress = earlier ?? (await beginExport(reference));
    while (progress.ahead.length > 0) {
      if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof exportData>(reference, progress);
      progress = await writePiece(reference, progress);
    }
    await assembleArchive(reference, progress.parts);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    await failExport(reference);
  }
}
