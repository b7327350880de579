import type { z } from 'zod';
import type { callFilter } from '../calls/call-filter.js';
import type { DaySpan } from './used-sums.js';

type CallFilter = z.input<z.ZodObject<typeof callFilter>>;

/** The filter that leads to the calls of a group: its own fields, those of the report, and its days. */
export function callsOfGroup(
  { day, month, ...own }: Readonly<Record<string, string>>,
  span: DaySpan,
  filter: CallFilter,
): CallFilter {
  const { from, to } = spanOf(day, month, span);
  const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
  return { ...given, ...own, from: startOf(from), to: startOf(dayAfter(to)) };
}

function spanOf(day: string | undefined, month: string | undefined, { from, to }: DaySpan): DaySpan {
  if (day !== undefined) return { from: day, to: day };
  if (month === undefined) return { from, to };
  const [first, last] = [`${month}-01`, lastOf(month)];
  return { from: first > from ? first : from, to: last < to ? last : to };
}

function lastOf(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}

function startOf(day: string): string {
  return `${day}T00:00:00.000Z`;
}
