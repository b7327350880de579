import { nextTimes, type Timetable } from '#core/timetable/timetable.js';

/** Moments of a cron expression that the engine is told in advance, and how many of them it may have left at least. */
const planSize = 64;
const leastLeft = planSize / 2;

/** Times that are told at least, however far away they are. */
const leastSize = 2;
const longestMs = 400 * 86_400_000;

/**
 * The moments of a cron expression that the engine is told. It gets moments and not the expression, so that it fires
 * exactly when the preview says: its own reading differs where clocks change.
 */
export function plannedTimes(timetable: Extract<Timetable, { kind: 'cron' }>, nowMs: number): number[] {
  const times = nextTimes(timetable, nowMs, planSize);
  return times.filter((time, index) => index < leastSize || time - nowMs <= longestMs);
}

/** True if the engine has to be told further moments. */
export function runsOut(timetable: Timetable, plannedUntilMs: number | undefined, nowMs: number): boolean {
  if (timetable.kind !== 'cron' || plannedUntilMs === undefined) return false;
  const needed = nextTimes(timetable, nowMs, leastLeft).filter(
    (time, index) => index < leastSize || time - nowMs <= longestMs / 2,
  );
  return (needed.at(-1) ?? 0) > plannedUntilMs;
}
