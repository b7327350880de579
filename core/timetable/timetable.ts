import { cronTimes, lastCronTime } from './cron.js';

/** When something happens: by a cron expression, at an interval, or once. Moments are milliseconds since 1970. */
export type Timetable =
  | { kind: 'cron'; cron: string; timeZone: string }
  /** At `fromMs` and every `everyMs` after it. */
  | { kind: 'every'; everyMs: number; fromMs: number; timeZone: string }
  | { kind: 'at'; atMs: number; timeZone: string };

/** The first `count` moments after `afterMs`, in their order; fewer where there are no more. */
export function nextTimes(timetable: Timetable, afterMs: number, count: number): number[] {
  if (timetable.kind === 'at') return timetable.atMs > afterMs ? [timetable.atMs] : [];
  if (timetable.kind === 'cron') return cronTimes(timetable, afterMs, count);
  const { everyMs, fromMs } = timetable;
  const first = Math.max(0, Math.floor((afterMs - fromMs) / everyMs) + 1);
  return Array.from({ length: count }, (_, index) => fromMs + (first + index) * everyMs);
}

/** The last moment after `afterMs` and not after `untilMs`; undefined if there is none. */
export function lastTime(timetable: Timetable, afterMs: number, untilMs: number): number | undefined {
  const last = lastTimeUntil(timetable, untilMs);
  return last !== undefined && last > afterMs ? last : undefined;
}

function lastTimeUntil(timetable: Timetable, untilMs: number): number | undefined {
  if (timetable.kind === 'at') return timetable.atMs <= untilMs ? timetable.atMs : undefined;
  if (timetable.kind === 'cron') return lastCronTime(timetable, untilMs);
  const { everyMs, fromMs } = timetable;
  return untilMs < fromMs ? undefined : fromMs + Math.floor((untilMs - fromMs) / everyMs) * everyMs;
}
