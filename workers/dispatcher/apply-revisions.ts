import {
  type Client,
  ScheduleNotFoundError,
  type ScheduleOptions,
  WorkflowExecutionAlreadyStartedError,
} from '@temporalio/client';
import { and, eq, lt } from 'drizzle-orm';
import type { ScheduledVersion } from '#activities/schedule-activities.js';
import { lastTime } from '#core/timetable/timetable.js';
import { schedules } from '#db/schema/index.js';
import type { Services } from '#runtime/services.js';
import { scheduleId } from '#runtime/triggers/schedule-id.js';
import { longestApplySeconds, type ScheduleRevision, type WantedSchedule } from './schedule-revisions.js';
import { type PlannedSpec, scheduleSpec } from './schedule-spec.js';

/** Less than the time for which a revision is locked. */
const deadlineMs = longestApplySeconds * 500;

/**
 * The engine starts a workflow for what was missed, however long ago; of several at a time only one. Whether it is to
 * be made up for is decided there, by the automation's `catchUp` and `overlap`: the engine does not know of its runs.
 */
const policies = { overlap: 'SKIP', catchupWindow: 365 * 86_400_000, pauseOnFailure: false } as const;

/**
 * Tells the engine of schedules that are new, changed or gone. Doing it twice is harmless. What fails is repeated by
 * its entry in the queue, so nothing is thrown here.
 */
export async function applyRevisions(
  services: Services,
  client: Client,
  revisions: readonly ScheduleRevision[],
): Promise<void> {
  await Promise.all(
    revisions.map(async (revision) => {
      const { orgId, automationId } = revision;
      try {
        const planned = await client.withDeadline(Date.now() + deadlineMs, () =>
          apply(client, services.configuration.TEMPORAL_TASK_QUEUE, revision),
        );
        await release(services, revision, planned);
      } catch (err) {
        services.logger.warn(
          { err, orgId, automationId },
          'A schedule could not be set; it will be tried again',
        );
        await release(services, revision, undefined).catch((cause: unknown) =>
          services.logger.warn({ err: cause, orgId, automationId }, 'A schedule stays locked for a while'),
        );
      }
    }),
  );
}

async function apply(
  client: Client,
  taskQueue: string,
  { orgId, automationId, revisedAtMs, wanted }: ScheduleRevision,
): Promise<Partial<PlannedSpec>> {
  const id = scheduleId(orgId, automationId);
  if (!wanted) {
    await client.schedule.getHandle(id).delete().catch(unlessNotFound);
    return {};
  }
  const planned = scheduleSpec(wanted.timetable, wanted.isPolled, Date.now());
  const version = { orgId, automationId, version: wanted.version };
  await put(client, {
    scheduleId: id,
    spec: planned.spec,
    policies,
    action: {
      type: 'startWorkflow',
      workflowType: wanted.isPolled ? 'pollTrigger' : 'fireSchedule',
      workflowId: id,
      taskQueue,
      args: [version],
    },
  });
  if (wanted.isPolled) await client.schedule.getHandle(id).trigger('SKIP');
  else await makeUp(client, taskQueue, { id, version, wanted, revisedAtMs });
  return planned;
}

async function put(client: Client, options: ScheduleOptions): Promise<void> {
  const { scheduleId: id, spec, policies: given = {}, action } = options;
  try {
    const update = { spec, policies: given, action, state: {} };
    await client.schedule.getHandle(id).update(() => update);
  } catch (error) {
    unlessNotFound(error);
    await client.schedule.create(options);
  }
}

interface Missed {
  id: string;
  version: ScheduledVersion;
  wanted: WantedSchedule;
  revisedAtMs: number;
}

/** Fires for what was due since publishing: the engine did not know of it yet. */
async function makeUp(client: Client, taskQueue: string, missed: Missed): Promise<void> {
  const { id, version, wanted, revisedAtMs } = missed;
  // Now, and not when the engine was called first: it may have answered late.
  const dueAtMs = lastTime(wanted.timetable, revisedAtMs, Date.now());
  if (dueAtMs === undefined) return;
  try {
    await client.workflow.start('fireSchedule', {
      taskQueue,
      workflowId: `${id}-missed-${new Date(dueAtMs).toISOString()}`,
      args: [version, dueAtMs],
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** Unlocks it; with `told`, the engine knows this revision. */
async function release(
  { database }: Services,
  { orgId, automationId, revision }: ScheduleRevision,
  told: Partial<PlannedSpec> | undefined,
): Promise<void> {
  const plannedUntil =
    told?.plannedUntilMs === undefined ? null : new Date(told.plannedUntilMs).toISOString();
  await database.withOrg(orgId, (transaction) =>
    transaction
      .update(schedules)
      .set({ busyUntil: null, ...(told && { applied: revision, plannedUntil }) })
      .where(and(eq(schedules.automationId, automationId), lt(schedules.applied, revision))),
  );
}

function unlessNotFound(error: unknown): void {
  if (!(error instanceof ScheduleNotFoundError)) throw error;
}
