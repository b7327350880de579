import { type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import { type Cursor, decodeCursor, encodeCursor } from './cursor.js';
import type { Sort } from './sorts.js';

export const defaultPageSize = 50;
export const maxPageSize = 200;

/** What a request says of the page that it wants. */
export interface PageRequest {
  limit: number;
  /** `nextCursor` of the page before. */
  cursor?: string | undefined;
  /** Name of a sort; with `-` in front, greatest first. */
  sort: string;
}

/** The parts of a query for one page, and what makes a page of its rows. */
export interface Page {
  /** To be added to the selected fields. */
  fields: { sortValue: SQL<string | null> };
  /** To be added to the conditions; undefined on the first page. */
  where: SQL | undefined;
  orderBy: SQL[];
  /** One more than the page holds, to know whether there is a next one. */
  limit: number;
  close<Found extends { sortValue: string | null }>(
    rows: readonly Found[],
  ): { items: Omit<Found, 'sortValue'>[]; nextCursor: string | null };
}

/** Input fields `limit`, `cursor` and `sort` of a list with these sorts. */
export function pageInput(sorts: Readonly<Record<string, Sort>>, defaultSort: string) {
  const keys = Object.keys(sorts).flatMap((name) => [name, `-${name}`]);
  return {
    limit: z.coerce.number().int().min(1).max(maxPageSize).default(defaultPageSize),
    cursor: z.string().optional().describe('nextCursor of the page before'),
    sort: z.enum(keys).default(defaultSort).describe('With - in front: greatest first'),
  };
}

/** Output of a list of `item`. */
export function pageOutput<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().describe('Null on the last page'),
  });
}

/**
 * Keyset pagination by (sort, id): a page is found by where the last one ended, so rows that come or go
 * meanwhile shift nothing, and a far page costs as little as the first. Selected rows must have an `id` field.
 * Throws `validation` with the path `cursor`.
 */
export function openPage(
  sorts: Readonly<Record<string, Sort>>,
  idColumn: PgColumn,
  request: PageRequest,
): Page {
  const isDescending = request.sort.startsWith('-');
  const sort = sorts[isDescending ? request.sort.slice(1) : request.sort];
  if (!sort) throw new Error(`There is no sort ${request.sort}`);
  const cursor = request.cursor === undefined ? undefined : decodeCursor(request.cursor, request.sort, sort);
  const direction = isDescending ? sql`DESC` : sql`ASC`;
  // NULLS LAST on a column without nulls would keep a descending scan from using the index.
  const nulls = sort.isNullable ? sql` NULLS LAST` : sql``;

  return {
    // Through JSON, timestamps keep their microseconds and become ISO 8601 in any session setting.
    fields: { sortValue: sql<string | null>`to_json(${sort.expression}) #>> '{}'` },
    where: cursor && afterCursor(sort, idColumn, cursor, isDescending),
    orderBy: [sql`${sort.expression} ${direction}${nulls}`, sql`${idColumn} ${direction}`],
    limit: request.limit + 1,
    close: (rows) => closePage(rows, request),
  };
}

function afterCursor(sort: Sort, idColumn: PgColumn, { value, id }: Cursor, isDescending: boolean): SQL {
  const operator = isDescending ? sql`<` : sql`>`;
  const { expression } = sort;
  if (value === null) return sql`(${expression} IS NULL AND ${idColumn} ${operator} ${id}::uuid)`;
  const bound = sql`${value}::${sql.raw(sort.type)}`;
  const following = sql`(${expression}, ${idColumn}) ${operator} (${bound}, ${id}::uuid)`;
  return sort.isNullable ? sql`(${following} OR ${expression} IS NULL)` : following;
}

function closePage<Found extends { sortValue: string | null }>(
  rows: readonly Found[],
  { limit, sort }: PageRequest,
) {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    items: shown.map(({ sortValue: _, ...item }) => item),
    nextCursor: last ? encodeCursor(sort, { value: last.sortValue, id: idOf(last) }) : null,
  };
}

function idOf(row: object): string {
  if ('id' in row && typeof row.id === 'string') return row.id;
  throw new Error('A paginated query must select the id');
}
