import { defineSearchAttributeKey } from '@temporalio/common';
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { ScheduleActivities, ScheduledVersion } from '#activities/schedule-activities.js';

/** Tried until the database is back, or the earlier run has ended. */
const { fireSchedule: fire } = proxyActivities<ScheduleActivities>({
  startToCloseTimeout: 30_000,
  retry: { initialInterval: 1_000, backoffCoefficient: 2, maximumInterval: 15_000 },
});

const scheduledStart = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');

/**
 * One firing of an automation's schedule. Started by the engine's schedule, or with the moment, in milliseconds since
 * 1970, for one that passed while the engine did not know of it yet.
 */
export async function fireSchedule(version: ScheduledVersion, missedAtMs?: number): Promise<void> {
  const { typedSearchAttributes, startTime } = workflowInfo();
  const scheduledAtMs = missedAtMs ?? (typedSearchAttributes.get(scheduledStart) ?? startTime).getTime();
  const outcome = await fire({ ...version, scheduledAtMs, isBuffered: false });
  if (outcome === 'busy') await fire({ ...version, scheduledAtMs, isBuffered: true });
}
