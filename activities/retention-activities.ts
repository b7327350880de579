import { Context } from '@temporalio/activity';
import { eraseDueOrganizations } from '#runtime/retention/erase-organizations.js';
import { expireRunData } from '#runtime/retention/expire-run-data.js';
import type { Services } from '#runtime/services.js';
import { toFailure } from './failure.js';

export interface RetentionActivities {
  /** Deletes the expired run data of some organizations, those after one of them. `last` is null when there are no more. */
  deleteExpired(request: { after: string | null }): Promise<{ last: string | null }>;
  /** Erases those of some organizations, after one of them, whose days of grace are over. */
  eraseDue(request: { after: string | null }): Promise<{ last: string | null }>;
}

/** The activities of the workflows that keep run data, and deleted organizations, no longer than they shall be kept. */
export function createRetentionActivities(services: Services): RetentionActivities {
  return {
    deleteExpired: ({ after }) => beating((onBatch) => expireRunData(services, after, onBatch)),
    eraseDue: ({ after }) => beating((onBatch) => eraseDueOrganizations(services, after, onBatch)),
  };
}

/** Lets work tell the engine after each batch that it goes on, and ends it when the worker stops. */
async function beating(
  work: (onBatch: () => void) => Promise<string | null>,
): Promise<{ last: string | null }> {
  const context = Context.current();
  try {
    const last = await work(() => {
      context.heartbeat();
      context.cancellationSignal.throwIfAborted();
    });
    return { last };
  } catch (error) {
    context.cancellationSignal.throwIfAborted();
    throw toFailure(error, false);
  }
}
