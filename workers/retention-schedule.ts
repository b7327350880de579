import { type Client, ScheduleAlreadyRunning } from '@temporalio/client';
import type { Services } from '#runtime/services.js';

/** The schedule of the deployment; one for all organizations. */
export const retentionScheduleId = 'retention';

const everyMs = 3_600_000;
const jitterMs = 300_000;
const pauseMs = 10_000;

/**
 * Has the engine delete expired run data each hour. Each worker asks for it at its start, until the engine has it;
 * one that is there already is left as it is. Returns how to stop asking.
 */
export function keepRetentionSchedule({ configuration, logger }: Services, client: Client): { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const ask = async () => {
    try {
      await client.schedule.create({
        scheduleId: retentionScheduleId,
        spec: { intervals: [{ every: everyMs }], jitter: jitterMs },
        policies: { overlap: 'SKIP', catchupWindow: everyMs },
        action: {
          type: 'startWorkflow',
          workflowType: 'deleteExpiredRuns',
          workflowId: retentionScheduleId,
          taskQueue: configuration.TEMPORAL_TASK_QUEUE,
          args: [],
        },
      });
    } catch (err) {
      if (err instanceof ScheduleAlreadyRunning || isStopped) return;
      logger.warn(
        { err },
        'The schedule that deletes expired runs could not be made; it will be tried again',
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
