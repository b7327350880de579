import { eq, inArray, sql } from 'drizzle-orm';
import { findTrigger } from '#core/automation/triggers/find-trigger.js';
import type { TriggerDescription } from '#core/catalogue.js';
import type { Timetable } from '#core/timetable/timetable.js';
import type { Transaction } from '#db/client.js';
import { dispatchQueue, schedules } from '#db/schema/index.js';
import type { Services } from '#runtime/services.js';
import { readListening } from '#runtime/triggers/listening-version.js';
import type { QueueEntry } from './dispatch-batch.js';

/** What the engine shall know of an automation's schedule. */
export interface ScheduleRevision {
  orgId: string;
  automationId: string;
  revision: number;
  /** Milliseconds since 1970. */
  revisedAtMs: number;
  /** Null: there shall be none. */
  wanted: WantedSchedule | null;
}

export interface WantedSchedule {
  version: number;
  timetable: Timetable;
  isPolled: boolean;
}

/** How long one dispatcher may take to tell the engine; no other does it meanwhile, so that none tells old news. */
export const longestApplySeconds = 30;
const firstLookSeconds = 5;
const longestPauseSeconds = 60;

/**
 * The schedules of which the engine has to be told, each locked for this dispatcher. An entry stays in the queue, put
 * off, until the engine has been told.
 */
export async function readRevisions(
  services: Services,
  transaction: Transaction,
  orgId: string,
  entries: readonly QueueEntry[],
): Promise<ScheduleRevision[]> {
  const attempts = new Map<string, number>();
  for (const entry of entries) {
    attempts.set(entry.sourceId, Math.max(entry.attempts, attempts.get(entry.sourceId) ?? 0));
  }
  const rows = await transaction
    .select({
      automationId: schedules.automationId,
      revision: schedules.revision,
      revisedAt: schedules.revisedAt,
      isApplied: sql<boolean>`${schedules.applied} >= ${schedules.revision}`,
      isBusy: sql<boolean>`coalesce(${schedules.busyUntil} > now(), false)`,
    })
    .from(schedules)
    .where(inArray(schedules.automationId, [...attempts.keys()]))
    .orderBy(schedules.automationId)
    .for('no key update');
  const revisions: ScheduleRevision[] = [];
  for (const { automationId, revision, revisedAt, isApplied, isBusy } of rows) {
    if (isApplied) continue;
    const tried = attempts.get(automationId) ?? 0;
    const pauseSeconds = isBusy ? 1 : Math.min(longestPauseSeconds, firstLookSeconds * 2 ** tried);
    await transaction.insert(dispatchQueue).values({
      orgId,
      kind: 'schedule',
      sourceId: automationId,
      attempts: isBusy ? tried : tried + 1,
      availableAt: sql`now() + make_interval(secs => ${pauseSeconds})`,
    });
    if (isBusy) continue;
    await transaction
      .update(schedules)
      .set({ busyUntil: sql`now() + make_interval(secs => ${longestApplySeconds})` })
      .where(eq(schedules.automationId, automationId));
    const wanted = await readWanted(services, transaction, automationId);
    revisions.push({ orgId, automationId, revision, revisedAtMs: Date.parse(revisedAt), wanted });
  }
  return revisions;
}

async function readWanted(
  { catalogue }: Services,
  transaction: Transaction,
  automationId: string,
): Promise<WantedSchedule | null> {
  const listening = await readListening(transaction, automationId);
  if (!listening) return null;
  const { version, trigger } = listening;
  const description: TriggerDescription | undefined = findTrigger(trigger, catalogue);
  const timetable = description?.timetable?.(trigger.input);
  return timetable ? { version, timetable, isPolled: description?.isPolled === true } : null;
}
