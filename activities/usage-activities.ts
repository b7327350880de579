import { closeUsage } from '#runtime/ai/close-usage.js';
import type { Services } from '#runtime/services.js';
import { beatingByPages } from './beating-by-pages.js';

export interface UsageActivities {
  /** Sums up what some organizations, those after one of them, have used of models. `last` is null when there are no more. */
  closeUsage(request: { after: string | null }): Promise<{ last: string | null }>;
}

/** The activities of the workflow that sums up what was used of models. */
export function createUsageActivities(services: Services): UsageActivities {
  return {
    closeUsage: ({ after }) => beatingByPages((onBatch) => closeUsage(services, after, onBatch)),
  };
}
