import { and, eq, sql } from 'drizzle-orm';
import { ScheduleInput, schedule, scheduledTime, timetableOf } from '#core/automation/triggers/schedule.js';
import { parseDuration } from '#core/duration.js';
import { lastTime, type Timetable } from '#core/timetable/timetable.js';
import type { Transaction } from '#db/client.js';
import { schedules } from '#db/schema/index.js';
import { dispatchChannel } from '../outbox.js';
import type { Services } from '../services.js';
import { isSuspended } from '../suspension.js';
import { writeDeliveries } from '../write-deliveries.js';
import { type ListeningVersion, lockListening } from './listening-version.js';
import { runsOut } from './planned-times.js';
import { reviseSchedule } from './revise-schedule.js';

/** The clock says that it is time for a version of an automation. */
export interface Firing {
  orgId: string;
  automationId: string;
  version: number;
  /** Milliseconds since 1970. */
  scheduledAtMs: number;
  /** It has come in time, and waited for an earlier run. */
  isBuffered: boolean;
  nowMs: number;
}

/**
 * What became of a firing: `delivered` and `repeated` (the same moment again) have a delivery. `stale`: the version no
 * longer listens. `missed`: too late to make up for, or the organization is suspended. `skipped` and `busy`: an earlier run goes on, and the trigger's
 * `overlap` says to let this one go, or to come again.
 */
export type FiringOutcome = 'delivered' | 'repeated' | 'stale' | 'missed' | 'skipped' | 'busy';

/**
 * Makes a delivery of a firing, in one transaction with the look at what listens. Of several moments that were missed
 * only the last is made up for, and only within the trigger's `catchUp`.
 */
export async function fireSchedule(services: Services, firing: Firing): Promise<FiringOutcome> {
  const { orgId, automationId } = firing;
  const { outcome, isQueued } = await services.database.withOrg(orgId, async (db) => {
    const listening = await lockListening(db, automationId);
    if (listening?.trigger.type !== schedule.name || listening.version !== firing.version) {
      // The engine still has a schedule that it should not have.
      return { outcome: 'stale' as const, isQueued: await reviseSchedule(db, firing, false) };
    }
    const input = ScheduleInput.parse(listening.trigger.input);
    const isRevised = await planFurther(db, firing, timetableOf(input));
    const fired = await deliver(services, db, { firing, listening, input });
    return { outcome: fired, isQueued: isRevised || fired === 'delivered' };
  });
  if (isQueued) services.hub.publish(dispatchChannel, { type: 'schedule', id: automationId });
  services.logger.info({ orgId, automationId, outcome }, 'A schedule fired');
  return outcome;
}

async function planFurther(
  db: Transaction,
  { orgId, automationId, nowMs }: Firing,
  timetable: Timetable,
): Promise<boolean> {
  const [row] = await db
    .select({ plannedUntil: schedules.plannedUntil })
    .from(schedules)
    .where(and(eq(schedules.automationId, automationId), eq(schedules.applied, schedules.revision)));
  const plannedUntil = row?.plannedUntil ?? undefined;
  const plannedUntilMs = plannedUntil === undefined ? undefined : Date.parse(plannedUntil);
  if (!runsOut(timetable, plannedUntilMs, nowMs)) return false;
  return reviseSchedule(db, { orgId, automationId }, false);
}

interface Due {
  firing: Firing;
  listening: ListeningVersion;
  input: ScheduleInput;
}

async function deliver(
  services: Services,
  db: Transaction,
  { firing, listening, input }: Due,
): Promise<FiringOutcome> {
  const { orgId, automationId, scheduledAtMs, isBuffered, nowMs } = firing;
  const { hookKey } = listening;
  if (await isSuspended(db, orgId)) return 'missed';
  const catchUpMs = parseDuration(input.catchUp) ?? 0;
  const fromMs = Math.max(scheduledAtMs, nowMs - catchUpMs);
  const dueAtMs = lastTime(timetableOf(input), fromMs, nowMs) ?? scheduledAtMs;
  if (!isBuffered && nowMs - dueAtMs > catchUpMs) return 'missed';
  if (input.overlap !== 'allow' && (await isRunning(db, automationId, hookKey, nowMs))) {
    return input.overlap === 'skip' ? 'skipped' : 'busy';
  }
  const payload = scheduledTime(dueAtMs, input.timeZone);
  const [accepted] = await writeDeliveries(db, services.files(orgId, db), [
    {
      orgId,
      provider: schedule.name,
      hookKey,
      externalId: payload.scheduledAt,
      triggers: [schedule.name],
      payload,
    },
  ]);
  return accepted?.isNew ? 'delivered' : 'repeated';
}

/** How long ago a delivery may have been written whose runs do not exist yet. */
const longestDispatchMs = 86_400_000;

/** A run of the automation goes on, or is about to begin. */
async function isRunning(
  db: Transaction,
  automationId: string,
  hookKey: string,
  nowMs: number,
): Promise<boolean> {
  const [row] = await db.execute<{ is_running: boolean }>(sql`
    SELECT EXISTS (
      SELECT FROM runs WHERE automation_id = ${automationId} AND status IN ('queued', 'running', 'waiting')
    ) OR EXISTS (
      SELECT FROM deliveries WHERE provider = ${schedule.name} AND hook_key = ${hookKey}
        AND external_id > ${new Date(nowMs - longestDispatchMs).toISOString()} AND dispatched_at IS NULL
    ) AS is_running`);
  return row?.is_running === true;
}
