import type { CalendarSpec, ScheduleSpec } from '@temporalio/client';
import type { Timetable } from '#core/timetable/timetable.js';
import { plannedTimes } from '#runtime/triggers/planned-times.js';

const months = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
] as const;

/** A timetable in the engine's words, all of them in UTC. */
export interface PlannedSpec {
  spec: ScheduleSpec;
  /** The last moment in it, in milliseconds since 1970; undefined where it has no end, or needs no more. */
  plannedUntilMs: number | undefined;
}

/**
 * What the engine is told of a timetable: an interval as such, of a cron expression its next moments. Polls are spread
 * over a part of their interval, so that not all organizations ask an app in the same second.
 */
export function scheduleSpec(timetable: Timetable, isPolled: boolean, nowMs: number): PlannedSpec {
  if (timetable.kind === 'at') {
    return { spec: { calendars: [momentOf(timetable.atMs)] }, plannedUntilMs: undefined };
  }
  if (timetable.kind === 'cron') {
    const times = plannedTimes(timetable, nowMs);
    return { spec: { calendars: times.map(momentOf) }, plannedUntilMs: times.at(-1) };
  }
  const { everyMs, fromMs } = timetable;
  const spec: ScheduleSpec = {
    intervals: [{ every: everyMs, offset: ((fromMs % everyMs) + everyMs) % everyMs }],
  };
  if (fromMs > nowMs) spec.startAt = new Date(fromMs);
  if (isPolled) spec.jitter = Math.min(60_000, Math.floor(everyMs / 4));
  return { spec, plannedUntilMs: undefined };
}

function momentOf(ms: number): CalendarSpec {
  const moment = new Date(ms);
  return {
    year: moment.getUTCFullYear(),
    month: months[moment.getUTCMonth()] ?? 'JANUARY',
    dayOfMonth: moment.getUTCDate(),
    hour: moment.getUTCHours(),
    minute: moment.getUTCMinutes(),
    second: moment.getUTCSeconds(),
  };
}
