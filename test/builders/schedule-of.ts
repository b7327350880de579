import { type Client, Connection, type ScheduleDescription, ScheduleNotFoundError } from '@temporalio/client';
import { z } from 'zod';
import type { Configuration } from '#runtime/configuration.js';
import { createTemporalClient } from '#runtime/engine/temporal-engine.js';
import { scheduleId } from '#runtime/triggers/schedule-id.js';
import { onTestsEnd } from '../closing.js';
import { eventually } from '../eventually.js';

const Version = z.object({ version: z.int() });

/** A client of the engine, to look past our own code at what it knows. */
export async function openEngineClient(configuration: Configuration): Promise<Client> {
  const connection = await Connection.connect({ address: configuration.TEMPORAL_ADDRESS });
  onTestsEnd(() => connection.close());
  return createTemporalClient(configuration, connection);
}

/** What the engine knows of an automation's schedule; undefined if it knows none. */
export async function describeSchedule(
  client: Client,
  orgId: string,
  automationId: string,
): Promise<ScheduleDescription | undefined> {
  try {
    return await client.schedule.getHandle(scheduleId(orgId, automationId)).describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}

/** Waits until the engine has the schedule of this version of an automation. */
export function scheduledVersion(
  client: Client,
  orgId: string,
  automationId: string,
  version = 1,
): Promise<ScheduleDescription> {
  return eventually(`version ${version} is scheduled`, async () => {
    const described = await describeSchedule(client, orgId, automationId);
    const [given] = described?.action.args ?? [];
    return described && Version.parse(given).version === version ? described : undefined;
  });
}

/** Waits until the engine has no schedule of an automation. */
export async function unscheduled(client: Client, orgId: string, automationId: string): Promise<void> {
  await eventually('the schedule is gone', async () =>
    (await describeSchedule(client, orgId, automationId)) ? undefined : true,
  );
}

/** Lets an automation's schedule fire at once. Returns the id of the workflow that it started. */
export async function fireNow(client: Client, orgId: string, automationId: string): Promise<string> {
  const handle = client.schedule.getHandle(scheduleId(orgId, automationId));
  const before = (await handle.describe()).info.recentActions.length;
  await handle.trigger('ALLOW_ALL');
  return eventually('the schedule has fired', async () => {
    const { recentActions } = (await handle.describe()).info;
    return recentActions.length > before ? recentActions.at(-1)?.action.workflow.workflowId : undefined;
  });
}
