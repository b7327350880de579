import type { Client } from '@temporalio/client';
import { startGroup } from '#runtime/engine/start-group.js';
import { announceStart } from '#runtime/runs/announce-start.js';
import type { StartableGroup } from '#runtime/runs/run-group.js';
import type { Services } from '#runtime/services.js';

/**
 * Starts the workflow of each group; one that runs already is left alone. A start that fails is repeated by its note
 * in the queue, so nothing is thrown here.
 */
export async function startRunGroups(
  services: Services,
  client: Client,
  groups: readonly StartableGroup[],
): Promise<void> {
  const { TEMPORAL_TASK_QUEUE: taskQueue, RUN_HISTORY_LIMIT: historyLimit } = services.configuration;
  for (const group of groups) announceStart(services.hub, group);
  const starts = groups.map((group) => startGroup(client, group, { taskQueue, isEager: true, historyLimit }));
  const results = await Promise.allSettled(starts);
  for (const [index, result] of results.entries()) {
    if (result.status === 'fulfilled') continue;
    const { orgId, workflowId } = groups[index] ?? {};
    services.logger.warn(
      { err: result.reason, orgId, workflowId },
      'A workflow could not be started; it will be tried again',
    );
  }
}
