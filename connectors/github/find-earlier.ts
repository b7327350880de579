import { markerOf } from './marker.js';

/** A repeated attempt comes within a step's retry policy; a day covers an outage as well. */
const lookBackMs = 24 * 60 * 60 * 1000;

const maxPages = 5;

/** The time from which an earlier attempt is looked for, as GitHub's `since` takes it. */
export function lookBackSince(): string {
  return new Date(Date.now() - lookBackMs).toISOString();
}

/** What an earlier attempt of the same step has written, among the first pages of a list. */
export async function findEarlier<Item extends { body?: string | null | undefined }>(
  pages: AsyncIterable<{ data: readonly Item[] }>,
  idempotencyKey: string,
): Promise<Item | undefined> {
  const marker = markerOf(idempotencyKey);
  let pagesRead = 0;
  for await (const { data } of pages) {
    const found = data.find(({ body }) => body?.includes(marker));
    if (found) return found;
    pagesRead += 1;
    if (pagesRead === maxPages) return undefined;
  }
  return undefined;
}
