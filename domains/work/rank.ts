import { randomInt } from 'node:crypto';

/**
 * Ranks are fractions in base 36, written without the point: `m5` is 22/36 + 5/1296. They never end in 0, so there
 * is always a rank between two. Only digits and small letters: every collation sorts them the same.
 */
const digits = '0123456789abcdefghijklmnopqrstuvwxyz';
const base = digits.length;

/** Enough base-36 digits for milliseconds since 1970 until the year 5188. */
const timeLength = 9;
const timeSpan = base ** timeLength;

/** A rank greater than `last`, the greatest so far. Made of the time, so that it stays short however often it is asked for. */
export function rankAtEnd(last: string | null, nowMs: number): string {
  const rank = `m${timeDigits(nowMs)}${randomDigits()}`;
  return last === null || last < rank ? rank : rankBetween(last, null);
}

/** A rank less than `first`, the least so far. */
export function rankAtStart(first: string | null, nowMs: number): string {
  const rank = `d${timeDigits(timeSpan - 1 - nowMs)}${randomDigits()}`;
  return first === null || rank < first ? rank : rankBetween(null, first);
}

/** The shortest rank near the middle of two; null stands for an open end. Needs `low` < `high`. */
export function rankBetween(low: string | null, high: string | null): string {
  const lower = low ?? '';
  const common = sharedLength(lower, high);
  if (high !== null && common > 0) {
    return high.slice(0, common) + rankBetween(lower.slice(common), high.slice(common));
  }
  const lowDigit = digits.indexOf(lower[0] ?? '0');
  const highDigit = high === null ? base : digits.indexOf(high[0] ?? '0');
  const middle = Math.floor((lowDigit + highDigit) / 2);
  if (middle > lowDigit) return digits.charAt(middle);
  if (high !== null && high.length > 1) return high.charAt(0);
  return digits.charAt(lowDigit) + rankBetween(lower.slice(1), null);
}

/** How many digits two ranks share from the left; a rank goes on with zeros. */
function sharedLength(low: string, high: string | null): number {
  if (high === null) return 0;
  let length = 0;
  while (length < high.length && (low[length] ?? '0') === high[length]) length += 1;
  return length;
}

function timeDigits(ms: number): string {
  return ms.toString(base).padStart(timeLength, '0');
}

/** Keeps ranks of one millisecond apart; the last digit is not 0. */
function randomDigits(): string {
  return digits.charAt(randomInt(base)) + digits.charAt(randomInt(1, base));
}
