import { AppError } from '#core/errors.js';
import { parseUrl } from '#core/parse-url.js';
import type { Answer } from './exchange.js';
import { nextLink } from './link-header.js';
import type { Pagination } from './pagination-input.js';
import { withParameter } from './query.js';

/** Bytes of all pages together. */
const maxTotalSize = 20 * 1024 * 1024;

export interface Page {
  answer: Answer;
  /** The answer's JSON, not masked. */
  data: unknown;
}

export interface Pages {
  /** The lists of all pages, joined. */
  items: unknown[];
  last: Answer;
  pages: number;
  /** There are more, which `maxPages` left out. */
  hasMore: boolean;
}

/**
 * Asks for page after page until there is no other or `maxPages` is reached. Throws `validation` for an answer without
 * a list, for a next page that `mayFollow` forbids, and when the pages are too large together.
 */
export async function readPages(
  first: URL,
  pagination: Pagination,
  { ask, mayFollow }: { ask(url: URL): Promise<Page>; mayFollow(next: URL): boolean },
): Promise<Pages> {
  const items: unknown[] = [];
  const asked = new Set<string>();
  let url = firstPage(first, pagination);
  let size = 0;
  for (let pages = 1; ; pages += 1) {
    asked.add(url.href);
    const page = await ask(url);
    size += page.answer.content.bytes.length;
    if (size > maxTotalSize) {
      throw new AppError('validation', `The pages are larger than ${maxTotalSize} bytes together.`);
    }
    // A status that is accepted though it is an error, such as 404, stands for a page that is not there.
    const list = page.answer.status >= 400 ? [] : listIn(page.data, pagination.items);
    for (const item of list) items.push(item);
    const next = page.answer.status >= 400 ? undefined : nextPage(url, page, list, pagination);
    const isEnd = next === undefined || asked.has(next.href);
    if (isEnd || pages === pagination.maxPages) return { items, last: page.answer, pages, hasMore: !isEnd };
    if (!mayFollow(next)) {
      throw new AppError(
        'validation',
        `The next page is at ${next.host}, where the connection must not be used.`,
      );
    }
    url = next;
  }
}

function firstPage(url: URL, pagination: Pagination): URL {
  return pagination.kind === 'page'
    ? withParameter(url, pagination.parameter, String(pagination.start))
    : url;
}

function nextPage(
  url: URL,
  { answer, data }: Page,
  list: readonly unknown[],
  pagination: Pagination,
): URL | undefined {
  switch (pagination.kind) {
    case 'link': {
      const target = nextLink(answer.headers.get('link'));
      return target === undefined ? undefined : parseUrl(target, answer.url);
    }
    case 'cursor': {
      const cursor = valueAt(data, pagination.cursor);
      const isCursor = typeof cursor === 'number' || (typeof cursor === 'string' && cursor !== '');
      return isCursor ? withParameter(url, pagination.parameter, String(cursor)) : undefined;
    }
    case 'page': {
      const number = Number(url.searchParams.get(pagination.parameter));
      return list.length > 0 ? withParameter(url, pagination.parameter, String(number + 1)) : undefined;
    }
  }
}

function listIn(data: unknown, path: string | undefined): readonly unknown[] {
  const list = path === undefined ? data : valueAt(data, path);
  // An answer without content is a page without items.
  if (data === null) return [];
  if (Array.isArray(list)) return list;
  const message = path === undefined ? 'The answer is no list.' : `The answer has no list at ${path}.`;
  throw new AppError('validation', message, { issues: [{ path: 'pagination.items', message }] });
}

function valueAt(data: unknown, path: string): unknown {
  let value = data;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}
