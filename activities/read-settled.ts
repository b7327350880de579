import { isReference, jsonSize, maxInlineSize, type PackedValue } from '#core/automation/packed-value.js';
import type { SettledStep } from '#core/automation/run.js';
import type { FileStore } from '#core/connector.js';
import { packValue } from '#runtime/packing.js';
import { type SettledRow, settledRows } from '#runtime/runs/settled-rows.js';
import type { Services } from '#runtime/services.js';
import type { AutomationActivities } from './automation-activities.js';

/** Steps that one look into the database reads. */
const pageSize = 50;
/** Bytes of an output that travels with its step; larger ones go by reference, so that a page holds many. */
const maxOutputSize = 1_024;

/** Reads what a run has settled, as much at a time as one payload holds. */
export function createReadSettled({ database, files }: Services): AutomationActivities['readSettled'] {
  return async ({ orgId, runId, iteration, isContinued, after }) => {
    const rows = await database.withOrg(orgId, (transaction) =>
      settledRows(transaction, { runId, iteration, isContinued, after, limit: pageSize }),
    );
    const steps: SettledStep[] = [];
    let size = 0;
    for (const row of rows) {
      const step = await settledStep(files(orgId).withoutQuota, row);
      size += jsonSize(step);
      if (size > maxInlineSize) break;
      steps.push(step);
    }
    return { steps, isLast: steps.length === rows.length && rows.length < pageSize };
  };
}

async function settledStep(files: FileStore, row: SettledRow): Promise<SettledStep> {
  return {
    nodeId: row.nodeId,
    status: row.status as SettledStep['status'],
    output: await lightened(files, (row.output as PackedValue | null) ?? { inline: null }),
    error: row.error as SettledStep['error'],
    startedAt: row.startedAt === null ? 0 : Date.parse(row.startedAt),
  };
}

async function lightened(files: FileStore, output: PackedValue): Promise<PackedValue> {
  return isReference(output) ? output : packValue(files, output.inline, maxOutputSize);
}
