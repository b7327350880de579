import { proxyActivities } from '@temporalio/workflow';
import type { ScheduleActivities, ScheduledVersion } from '#activities/schedule-activities.js';

/** What an app refuses is kept on the automation; only outages of our own are tried again here. */
const { pollTrigger: poll } = proxyActivities<ScheduleActivities>({
  startToCloseTimeout: 6 * 60_000,
  retry: { initialInterval: 1_000, backoffCoefficient: 2, maximumInterval: 15_000 },
});

/** One turn of asking an app for news. */
export async function pollTrigger(version: ScheduledVersion): Promise<void> {
  await poll(version);
}
