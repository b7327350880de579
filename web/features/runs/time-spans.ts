const hour = 3_600_000;

/** How far back a list may reach, as addresses name it. */
export const timeSpans = [
  { value: 'hour', label: 'Last hour', ms: hour },
  { value: 'day', label: 'Last 24 hours', ms: 24 * hour },
  { value: 'week', label: 'Last 7 days', ms: 7 * 24 * hour },
  { value: 'month', label: 'Last 30 days', ms: 30 * 24 * hour },
] as const;

/** When such a time began, to the minute, so that the list is not another one with each look. */
export function beginOf(ms: number): string {
  const minute = 60_000;
  return new Date(Math.floor((Date.now() - ms) / minute) * minute).toISOString();
}
