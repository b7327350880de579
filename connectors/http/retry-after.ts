const longestWaitMs = 24 * 60 * 60 * 1000;

/**
 * How long a `Retry-After` header asks to wait, in milliseconds, at most a day; undefined without one that can be
 * read. RFC 9110, 10.2.3: seconds, or one of the three forms of HTTP-date (5.6.7).
 */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? '';
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : readHttpDate(text) - now;
  return waitMs > 0 ? Math.min(waitMs, longestWaitMs) : undefined;
}

/** The form of asctime names no zone; all three are in GMT. NaN for anything else. */
function readHttpDate(text: string): number {
  if (!/^[A-Z][a-z]{2,8},? /.test(text)) return Number.NaN;
  return Date.parse(text.endsWith(' GMT') ? text : `${text} GMT`);
}
