import type { Environment } from '@marcbachmann/cel-js';
import { spendSteps } from '../meter.js';
import { refuse, wholeNumber } from './arguments.js';
import { daysInMonth, momentOf, type WallTime, wallTime } from './zoned-time.js';

const timestamp = 'google.protobuf.Timestamp';
const maxPattern = 100;
/** What a call with a time zone counts: the calendar is asked several times. */
const zoneSteps = 200;

/** Each letter group of a pattern: the part of a moment that it stands for, and how many digits it takes. */
const groups: Readonly<Record<string, keyof WallTime>> = {
  yyyy: 'year',
  MM: 'month',
  dd: 'day',
  HH: 'hour',
  mm: 'minute',
  ss: 'second',
  SSS: 'millisecond',
};

const ranges: Readonly<Record<keyof WallTime, readonly [number, number]>> = {
  year: [1, 9999],
  month: [1, 12],
  day: [1, 31],
  hour: [0, 23],
  minute: [0, 59],
  second: [0, 59],
  millisecond: [0, 999],
};

/** Functions on moments. None of them reads the clock; where no zone is given, it is UTC. */
export function registerDateFunctions(environment: Environment): void {
  for (const type of [timestamp, 'string']) {
    environment
      .registerFunction(`formatDate(${type}, string): string`, (moment: unknown, pattern: string) =>
        formatDate(moment, pattern, 'UTC'),
      )
      .registerFunction(`formatDate(${type}, string, string): string`, formatDate)
      .registerFunction(`addDays(${type}, dyn): ${timestamp}`, (moment: unknown, days: unknown) =>
        addDays(moment, days, 'UTC'),
      )
      .registerFunction(`addDays(${type}, dyn, string): ${timestamp}`, addDays)
      .registerFunction(`addMonths(${type}, dyn): ${timestamp}`, (moment: unknown, months: unknown) =>
        addMonths(moment, months, 'UTC'),
      )
      .registerFunction(`addMonths(${type}, dyn, string): ${timestamp}`, addMonths);
  }
  environment
    .registerFunction(`parseDate(string): ${timestamp}`, (text: string) => momentFrom(text))
    .registerFunction(`parseDate(string, string): ${timestamp}`, (text: string, pattern: string) =>
      parseDate(text, pattern, 'UTC'),
    )
    .registerFunction(`parseDate(string, string, string): ${timestamp}`, parseDate);
}

function formatDate(moment: unknown, pattern: string, zone: string): string {
  const wall = wallTime(momentFrom(moment), spent(zone));
  return piecesOf(pattern)
    .map((piece) => {
      const part = groups[piece];
      return part === undefined ? piece : String(wall[part]).padStart(piece.length, '0');
    })
    .join('');
}

function parseDate(text: string, pattern: string, zone: string): Date {
  const wall: WallTime = { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0, millisecond: 0 };
  let place = 0;
  for (const piece of piecesOf(pattern)) {
    const found = text.slice(place, place + piece.length);
    place += piece.length;
    const part = groups[piece];
    if (part === undefined) {
      if (found !== piece) throw notLike(text, pattern);
    } else if (/^\d+$/.test(found) && found.length === piece.length) {
      wall[part] = wholeNumber(Number(found), `The ${part}`, ranges[part]);
    } else throw notLike(text, pattern);
  }
  if (place !== text.length) throw notLike(text, pattern);
  if (wall.day > daysInMonth(wall.year, wall.month)) throw refuse('There is no such date');
  return momentOf(wall, spent(zone));
}

function addDays(moment: unknown, days: unknown, zone: string): Date {
  const wall = wallTime(momentFrom(moment), spent(zone));
  return inRange(momentOf({ ...wall, day: wall.day + wholeNumber(days, 'The days', [-1e6, 1e6]) }, zone));
}

/** The last day of the month where it has no such day: a month after January 31 is February 28. */
function addMonths(moment: unknown, months: unknown, zone: string): Date {
  const wall = wallTime(momentFrom(moment), spent(zone));
  const sum = wall.year * 12 + wall.month - 1 + wholeNumber(months, 'The months', [-24_000, 24_000]);
  const [year, month] = [Math.floor(sum / 12), (((sum % 12) + 12) % 12) + 1];
  return inRange(momentOf({ ...wall, year, month, day: Math.min(wall.day, daysInMonth(year, month)) }, zone));
}

/** A moment, or an ISO 8601 text of one: a date alone, or with a time and its offset from UTC. */
function momentFrom(value: unknown): Date {
  if (value instanceof Date) return inRange(value);
  const text = typeof value === 'string' ? value : '';
  const isWhole = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/.test(text);
  const moment = new Date(isWhole ? text : Number.NaN);
  // JavaScript takes February 31 for a day in March.
  const isDay = Number(text.slice(8, 10)) <= daysInMonth(Number(text.slice(0, 4)), Number(text.slice(5, 7)));
  if (!isWhole || !isDay || Number.isNaN(moment.getTime()))
    throw refuse(`${JSON.stringify(text.slice(0, 40))} is not a date in ISO 8601 format`);
  return inRange(moment);
}

function inRange(moment: Date): Date {
  const year = moment.getUTCFullYear();
  if (year >= 1 && year <= 9999) return moment;
  throw refuse('Dates go from year 1 to 9999');
}

/** A pattern as letter groups and the characters between them; text in single quotes stands for itself. */
function piecesOf(pattern: string): string[] {
  if (pattern.length > maxPattern) throw refuse(`A date pattern has ${maxPattern} characters at most`);
  const pieces: string[] = [];
  const sections = pattern.split("'");
  if (sections.length % 2 === 0) throw refuse("A date pattern's quote is not closed");
  for (const [index, section] of sections.entries()) {
    // Two quotes, within quotes or without, are one.
    if (section === '' && index > 0 && index < sections.length - 1) pieces.push("'");
    else if (index % 2 === 1) pieces.push(...section);
    else pieces.push(...(section.match(/([A-Za-z])\1*|[^A-Za-z]/gu) ?? []).map(checkedPiece));
  }
  return pieces;
}

function checkedPiece(piece: string): string {
  if (!/^[A-Za-z]/.test(piece) || Object.hasOwn(groups, piece)) return piece;
  throw refuse(`A date pattern knows ${Object.keys(groups).join(', ')}, and not ${piece}`);
}

function notLike(text: string, pattern: string) {
  return refuse(`${JSON.stringify(text.slice(0, 40))} is not like ${JSON.stringify(pattern)}`);
}

function spent(zone: string): string {
  spendSteps(zone === 'UTC' ? 1 : zoneSteps);
  return zone;
}
