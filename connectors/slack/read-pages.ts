import type { ChoicesPage } from '#core/choices.js';

/** What Slack recommends, and the most that it gives at once. */
const pageSize = { usual: 200, most: 1_000 } as const;
const maxPages = 5;

/**
 * Reads one page of a list. Slack can't search its lists: where something is looked for, larger pages are read until there
 * is some of it, five at most; what comes after is had with the cursor.
 */
export async function readPages({
  cursor,
  isNarrowed,
  read,
}: {
  cursor: string | undefined;
  isNarrowed: boolean;
  read(page: {
    limit: number;
    cursor: string | undefined;
  }): Promise<{ items: ChoicesPage['items']; next: string | undefined }>;
}): Promise<ChoicesPage> {
  const found: ChoicesPage['items'] = [];
  let at = cursor;
  for (let page = 0; page < (isNarrowed ? maxPages : 1); page += 1) {
    const { items, next } = await read({ limit: isNarrowed ? pageSize.most : pageSize.usual, cursor: at });
    found.push(...items);
    at = next || undefined;
    if (at === undefined || found.length > 0) break;
  }
  return { items: found, nextCursor: at ?? null };
}
