import { hubTopic } from '#runtime/hub/hub.js';
import { dispatchChannel } from '#runtime/outbox.js';
import { writeProgress } from '#runtime/runs/write-progress.js';
import type { Services } from '#runtime/services.js';
import type { AutomationActivities } from './automation-activities.js';

/** Writes what happened inside a workflow, all of one workflow task in one transaction. Doing it twice is harmless. */
export function createRecordProgress(services: Services): AutomationActivities['recordProgress'] {
  return async (progress) => {
    const { orgId, automationId } = progress;
    const { queued } = await services.database.withOrg(orgId, (transaction) =>
      writeProgress(services, transaction, progress),
    );
    if (queued > 0) services.hub.publish(dispatchChannel, { type: 'runs', id: automationId });
    const runIds = new Set(
      [...progress.runs, ...progress.steps, ...(progress.answers ?? [])].map(({ runId }) => runId),
    );
    for (const runId of runIds) services.hub.publish(hubTopic.run(orgId, runId), { type: 'run', id: runId });
    if (progress.runs.length > 0)
      services.hub.publish(hubTopic.runs(orgId), { type: 'runs', id: automationId });
  };
}
