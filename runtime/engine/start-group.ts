import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { jsonSize, maxInlineSize } from '#core/automation/packed-value.js';
import { countPlanParts } from '#core/automation/plan-parts.js';
import type { RunGroup } from '#core/automation/run.js';
import type { StartableGroup } from '../runs/run-group.js';

export interface StartOptions {
  taskQueue: string;
  /** The worker at the other end of the client's connection may take the workflow at once. */
  isEager: boolean;
  /** Events after which it goes on as a new one, where it is not the usual number. */
  historyLimit: number | undefined;
  /** Someone waits for it: its tasks go first. */
  isUrgent?: boolean;
}

/** Of 1 to 5, where 3 is the usual. */
const urgentPriority = 2;

/** Starts the workflow that carries a group of runs; one that was started before is left alone. */
export async function startGroup(
  client: Client,
  group: StartableGroup,
  { taskQueue, isEager, historyLimit, isUrgent = false }: StartOptions,
): Promise<void> {
  const { orgId, automationId, version, grantId, plan, runs, workflowId } = group;
  const header: RunGroup = {
    orgId,
    automationId,
    version,
    grantId,
    plan: jsonSize(plan) <= maxInlineSize ? plan : { parts: countPlanParts(plan) },
    ...(historyLimit !== undefined && { historyLimit }),
  };
  try {
    await client.workflow.start('automation', {
      taskQueue,
      workflowId,
      args: [header, ...runs],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      requestEagerStart: isEager,
      priority: { fairnessKey: orgId, ...(isUrgent && { priorityKey: urgentPriority }) },
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
