import { refuse } from './arguments.js';

/** What a clock on the wall shows. Months and days count from 1, weekdays from Monday = 1. */
export interface WallTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
}

const clocks = new Map<string, Intl.DateTimeFormat>();
const maxClocks = 1_000;
const minute = 60_000;
const day = 86_400_000;

/** What clocks in a zone of the IANA database, such as `Europe/Vienna`, show at a moment. */
export function wallTime(moment: Date, zone: string): WallTime {
  const shown = new Date(moment.getTime() + offsetMs(moment, zone));
  return {
    year: shown.getUTCFullYear(),
    month: shown.getUTCMonth() + 1,
    day: shown.getUTCDate(),
    hour: shown.getUTCHours(),
    minute: shown.getUTCMinutes(),
    second: shown.getUTCSeconds(),
    millisecond: shown.getUTCMilliseconds(),
  };
}

/**
 * The moment at which clocks in a zone show this. Of two such moments it is the first; a time that is skipped in
 * spring is moved forward.
 */
export function momentOf(wall: WallTime, zone: string): Date {
  const shown = new Date(0);
  shown.setUTCFullYear(wall.year, wall.month - 1, wall.day);
  shown.setUTCHours(wall.hour, wall.minute, wall.second, wall.millisecond);
  const asUtc = shown.getTime();
  if (!Number.isFinite(asUtc)) throw refuse('There is no such date');
  const before = offsetMs(new Date(asUtc - day), zone);
  const after = offsetMs(new Date(asUtc + day), zone);
  for (const offset of [Math.max(before, after), Math.min(before, after)]) {
    const moment = new Date(asUtc - offset);
    if (offsetMs(moment, zone) === offset) return moment;
  }
  return new Date(asUtc - before);
}

/** Days of a month; months count from 1. */
export function daysInMonth(year: number, month: number): number {
  const last = new Date(0);
  last.setUTCFullYear(year, month, 0);
  return last.getUTCDate();
}

/** How far clocks in the zone are ahead of UTC. */
function offsetMs(moment: Date, zone: string): number {
  if (zone === 'UTC') return 0;
  const parts = clockOf(zone).formatToParts(moment);
  const part = (type: string) => Number(parts.find((entry) => entry.type === type)?.value);
  const shown = Date.UTC(2000, part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  const shownDate = new Date(shown);
  shownDate.setUTCFullYear(part('year'));
  const offset = shownDate.getTime() - Math.floor(moment.getTime() / 1000) * 1000;
  return Math.round(offset / minute) * minute;
}

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  if (clocks.size >= maxClocks) clocks.clear();
  const clock = newClock(zone);
  clocks.set(zone, clock);
  return clock;
}

function newClock(zone: string): Intl.DateTimeFormat {
  const number = 'numeric';
  const fields = {
    year: number,
    month: number,
    day: number,
    hour: number,
    minute: number,
    second: number,
  } as const;
  try {
    return new Intl.DateTimeFormat('en-US', {
      ...fields,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      timeZone: zone,
    });
  } catch {
    throw refuse(`There is no time zone ${zone.slice(0, 100)}`);
  }
}
