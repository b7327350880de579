import type { QuotaSettings } from '#runtime/limits/quota.js';

/** For how long after its last turn an organization counts as being at work. */
const recentMs = 10_000;
/** Of the runs that may be about to begin, one organization has this part while others are at work. */
const shareAmongOthers = 0.3;

/** What an organization may have at work at present; to be asked at each of its turns. */
export type SharedQuota = (orgId: string) => QuotaSettings;

/**
 * While one organization is at work alone, it may have as many runs about to begin as fill the machine; beside others
 * fewer, so that these find the workers free. `now` gives milliseconds that never go back.
 */
export function createSharedQuota(settings: QuotaSettings, now = () => performance.now()): SharedQuota {
  const seenAt = new Map<string, number>();
  return (orgId) => {
    const at = now();
    for (const [other, otherAt] of seenAt) if (at - otherAt > recentMs) seenAt.delete(other);
    seenAt.set(orgId, at);
    const { ORGANIZATION_MAX_RUNNING_RUNS, ORGANIZATION_MAX_STARTING_RUNS: starting } = settings;
    const part = seenAt.size > 1 ? shareAmongOthers : 1;
    return {
      ORGANIZATION_MAX_RUNNING_RUNS,
      ORGANIZATION_MAX_STARTING_RUNS: Math.max(1, Math.floor(starting * part)),
    };
  };
}
