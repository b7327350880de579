import { today } from '../resources/moments.js';

/** Days are texts such as `2026-03-01`, in no time zone. */
export type Day = string;

export const spans = ['month', 'week'] as const;
export type Span = (typeof spans)[number];

const dayMs = 86_400_000;

const monthTitle = new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric', timeZone: 'UTC' });
const wholeDay = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeZone: 'UTC' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short', timeZone: 'UTC' });
const shortDay = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', timeZone: 'UTC' });

export function addDays(day: Day, count: number): Day {
  return toDay(momentOf(day) + count * dayMs);
}

/** The same day of another month, or that month's last one. */
export function addMonths(day: Day, count: number): Day {
  const moment = new Date(momentOf(day));
  const first = Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + count, 1);
  const wanted = addDays(toDay(first), moment.getUTCDate() - 1);
  return monthOf(wanted) === monthOf(toDay(first)) ? wanted : addDays(startOfMonth(wanted), -1);
}

/** The day before or after by one span. */
export function step(day: Day, span: Span, direction: 1 | -1): Day {
  return span === 'week' ? addDays(day, 7 * direction) : addMonths(day, direction);
}

/** The days that are shown for one of them: its week, or the weeks of its month. */
export function daysShown(day: Day, span: Span): Day[] {
  if (span === 'week') return daysFrom(startOfWeek(day), 7);
  const first = startOfWeek(startOfMonth(day));
  const next = addMonths(startOfMonth(day), 1);
  const weeks = Math.ceil((momentOf(next) - momentOf(first)) / (7 * dayMs));
  return daysFrom(first, weeks * 7);
}

/** The day that an address names, else today. */
export function dayIn(text: string | undefined): Day {
  return text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(momentOf(text))
    ? text
    : today();
}

export function monthOf(day: Day): string {
  return day.slice(0, 7);
}

export function titleOf(day: Day, span: Span): string {
  if (span === 'month') return monthTitle.format(momentOf(day));
  const first = startOfWeek(day);
  return `${shortDay.format(momentOf(first))} – ${shortDay.format(momentOf(addDays(first, 6)))}`;
}

export function wholeDayText(day: Day): string {
  return wholeDay.format(momentOf(day));
}

export function weekdayText(day: Day): string {
  return weekday.format(momentOf(day));
}

function daysFrom(first: Day, count: number): Day[] {
  return Array.from({ length: count }, (_, index) => addDays(first, index));
}

function startOfMonth(day: Day): Day {
  return `${monthOf(day)}-01`;
}

function startOfWeek(day: Day): Day {
  const since = (new Date(momentOf(day)).getUTCDay() - firstWeekday() + 7) % 7;
  return addDays(day, -since);
}

/** 0 is Sunday. Monday where the browser does not know what is usual. */
function firstWeekday(): number {
  const locale: Intl.Locale & { getWeekInfo?(): { firstDay: number } } = new Intl.Locale(navigator.language);
  return (locale.getWeekInfo?.().firstDay ?? 1) % 7;
}

function momentOf(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`);
}

function toDay(moment: number): Day {
  return new Date(moment).toISOString().slice(0, 10);
}
