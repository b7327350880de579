import { z } from 'zod';

/** The most that GitHub gives at once. */
export const pageSize = 100;

/** A cursor of ours over lists that GitHub numbers the pages of; 1 is the first. */
export const pageNumber = z
  .string()
  .regex(/^[1-9]\d{0,4}$/, 'must be the nextCursor of the page before')
  .default('1')
  .transform(Number)
  .describe('nextCursor of the page before');

/** The cursor behind a page with so many items; null if it was the last one. */
export function nextPage(page: number, count: number): string | null {
  return count === pageSize ? String(page + 1) : null;
}
