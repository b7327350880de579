import { type Client, ScheduleAlreadyRunning } from '@temporalio/client';
import type { Services } from '#runtime/services.js';

/** The schedules of the deployment; each one for all organizations. */
export const retentionScheduleId = 'retention';
export const erasureScheduleId = 'erasure';

const everyMs = 3_600_000;
const jitterMs = 300_000;
const pauseMs = 10_000;

/**
 * Has the engine delete expired run data, and erase deleted organizations, each hour. Each worker asks for it at its start, until the engine has it;
 * one that is there already is left as it is. Returns how to stop asking.
 */
export function keepRetentionSchedules(services: Services, client: Client): { stop(): void } {
  const kept = [
    keepSchedule(services, client, retentionScheduleId, 'deleteExpiredRuns'),
    keepSchedule(services, client, erasureScheduleId, 'eraseOrganizations'),
  ];
  return {
    stop() {
      for (const { stop } of kept) stop();
    },
  };
}

function keepSchedule(
  { configuration, logger }: Services,
  client: Client,
  scheduleId: string,
  workflowType: string,
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
