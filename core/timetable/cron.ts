import { Cron } from 'croner';

interface ZonedCron {
  /** Five fields: minute, hour, day of the month, month, day of the week. */
  cron: string;
  timeZone: string;
}

/** A whole leap cycle of the calendar lies between this and any year in which an expression may not fire. */
const anyMoment = Date.UTC(2000, 0, 1);

/**
 * What is wrong with a cron expression; undefined if nothing is. Names of months and days, lists, ranges, steps, `L`
 * (last day) and `5#2` (second Friday) are understood. Where both days are given, either one is enough.
 */
export function cronProblem(cron: string): string | undefined {
  try {
    const [first] = cronTimes({ cron, timeZone: 'UTC' }, anyMoment, 1);
    return first === undefined ? 'never fires: there is no such day' : undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
  }
}

/**
 * The first moments of a cron expression after `afterMs`. Where clocks change, what Vixie cron does: an expression
 * without `*` or step in hour and minute fires once a day, at the end of the gap where its time is skipped, and at the
 * first occurrence where its time comes twice; one that repeats within the day follows the hours as they pass.
 */
export function cronTimes({ cron, timeZone }: ZonedCron, afterMs: number, count: number): number[] {
  return parse(cron, timeZone)
    .nextRuns(count, new Date(afterMs))
    .map((moment) => moment.getTime());
}

/** The last moment of a cron expression that is not after `untilMs`. */
export function lastCronTime({ cron, timeZone }: ZonedCron, untilMs: number): number | undefined {
  // What it is given does not count itself, and it looks at whole seconds.
  const [last] = parse(cron, timeZone).previousRuns(1, new Date(untilMs + 1_000));
  if (last === undefined || last.getTime() <= untilMs) return last?.getTime();
  return parse(cron, timeZone).previousRuns(1, last)[0]?.getTime();
}

function parse(cron: string, timezone: string): Cron {
  return new Cron(cron, { timezone, mode: '5-part', fixedTimeRule: 'no-wildcard', paused: true });
}
