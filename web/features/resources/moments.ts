const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });
const dayOfYear = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: 'numeric' });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });

/** A day without a time, `2026-03-01`: as it stands, in no time zone. */
export function dayText(text: string): string {
  const [year = 0, month = 1, date = 1] = text.split('-').map(Number);
  const moment = new Date(year, month - 1, date);
  return (year === new Date().getFullYear() ? day : dayOfYear).format(moment);
}

/** A moment in the person's time zone: how long ago if it is near, else the day. */
export function momentText(iso: string): string {
  const moment = new Date(iso);
  const minutes = (moment.getTime() - Date.now()) / 60_000;
  if (Math.abs(minutes) < 60) return relative.format(Math.round(minutes), 'minute');
  if (Math.abs(minutes) < 24 * 60) return relative.format(Math.round(minutes / 60), 'hour');
  return (moment.getFullYear() === new Date().getFullYear() ? day : dayOfYear).format(moment);
}

/** A moment in full, in the person's time zone. */
export function wholeMomentText(iso: string): string {
  return whole.format(new Date(iso));
}

/** Today in the person's time zone, `2026-03-01`. */
export function today(): string {
  const now = new Date();
  const parts = [now.getFullYear(), now.getMonth() + 1, now.getDate()];
  return parts.map((part) => String(part).padStart(2, '0')).join('-');
}
