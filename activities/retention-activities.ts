import { eraseAgain } from '#runtime/privacy/tombstones/erase-again.js';
import { eraseDueOrganizations } from '#runtime/retention/erase-organizations.js';
import { expireRunData } from '#runtime/retention/expire-run-data.js';
import type { Services } from '#runtime/services.js';
import { beatingByPages } from './beating-by-pages.js';

export interface RetentionActivities {
  /** Deletes the expired run data of some organizations, those after one of them. `last` is null when there are no more. */
  deleteExpired(request: { after: string | null }): Promise<{ last: string | null }>;
  /** Has what a restored backup has brought back erased again. */
  eraseAgain(): Promise<void>;
  /** Erases those of some organizations, after one of them, whose days of grace are over. */
  eraseDue(request: { after: string | null }): Promise<{ last: string | null }>;
}

/** The activities of the workflows that keep run data, and deleted organizations, no longer than they shall be kept. */
export function createRetentionActivities(services: Services): RetentionActivities {
  return {
    deleteExpired: ({ after }) => beatingByPages((onBatch) => expireRunData(services, after, onBatch)),
    eraseAgain: async () => {
      await beatingByPages(async (onOrganization) => {
        await eraseAgain(services, onOrganization);
        return null;
      });
    },
    eraseDue: ({ after }) => beatingByPages((onBatch) => eraseDueOrganizations(services, after, onBatch)),
  };
}
