import { type Client, ScheduleAlreadyRunning } from '@temporalio/client';
import type { Services } from '#runtime/services.js';

/** Schedules of the deployment, each one for all organizations: what deletes old run data, keeps audit logs, sums up what was used of models. */
export const retentionScheduleId = 'retention';
export const auditScheduleId = 'audit';
export const erasureScheduleId = 'erasure';
export const usageScheduleId = 'usage';

const workflowTypes = {
  [retentionScheduleId]: 'deleteExpiredRuns',
  [auditScheduleId]: 'keepAuditLogs',
  [erasureScheduleId]: 'eraseOrganizations',
  [usageScheduleId]: 'sumUpUsage',
};

const everyMs = 3_600_000;
const jitterMs = 300_000;
const pauseMs = 10_000;

/**
 * Has the engine do each hour what no request asks for. Each worker asks for the schedules at its start, until the engine
 * has them; one that is there already is left as it is. Returns how to stop asking.
 */
export function keepSchedules(services: Services, client: Client): { stop(): void } {
  const kept = Object.entries(workflowTypes).map(([scheduleId, workflowType]) =>
    keepSchedule(services, client, { scheduleId, workflowType }),
  );
  return { stop: () => kept.forEach((one) => void one.stop()) };
}

function keepSchedule(
  { configuration, logger }: Services,
  client: Client,
  { scheduleId, workflowType }: { scheduleId: string; workflowType: string },
): { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const ask = async () => {
    try {
      await client.schedule.create({
        scheduleId,
        spec: { intervals: [{ every: everyMs }], jitter: jitterMs },
        policies: { overlap: 'SKIP', catchupWindow: everyMs },
        action: {
          type: 'startWorkflow',
          workflowType,
          workflowId: scheduleId,
          taskQueue: configuration.TEMPORAL_TASK_QUEUE,
          args: [],
        },
      });
    } catch (err) {
      if (err instanceof ScheduleAlreadyRunning || isStopped) return;
      logger.warn(
        { err, scheduleId },
        'A schedule of the deployment could not be made; it will be tried again',
      );
      timer = setTimeout(() => void ask(), pauseMs);
    }
  };
  void ask();
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
