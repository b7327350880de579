/** A moment as a wall clock shows it. */
export interface LocalTime {
  /** `2027-03-28`. */
  date: string;
  /** `02:30`, of 24 hours. */
  time: string;
  /** `monday`. */
  weekday: string;
}

/** What a wall clock in the zone shows at a moment, in milliseconds since 1970. */
export function localTimeOf(ms: number, timeZone: string): LocalTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    calendar: 'gregory',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    weekday: 'long',
  });
  const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  return {
    date: `${part('year')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}`,
    weekday: part('weekday').toLowerCase(),
  };
}

/** True for a name of the IANA time zone database that is known here. */
export function isTimeZone(name: string): boolean {
  // Some engines also take offsets, which are no zones.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
