import { Context } from '@temporalio/activity';
import { expireRunData } from '#runtime/retention/expire-run-data.js';
import type { Services } from '#runtime/services.js';
import { toFailure } from './failure.js';

export interface RetentionActivities {
  /** Deletes the expired run data of some organizations, those after one of them. `last` is null when there are no more. */
  deleteExpired(request: { after: string | null }): Promise<{ last: string | null }>;
}

/** The activities of the workflow that keeps run data no longer than it shall be kept. */
export function createRetentionActivities(services: Services): RetentionActivities {
  return {
    async deleteExpired({ after }) {
      const context = Context.current();
      try {
        const last = await expireRunData(services, after, () => {
          context.heartbeat();
          context.cancellationSignal.throwIfAborted();
        });
        return { last };
      } catch (error) {
        context.cancellationSignal.throwIfAborted();
        throw toFailure(error, false);
      }
    },
  };
}
