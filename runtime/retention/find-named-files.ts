import { type SQL, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { addressPattern } from '../files/addresses.js';
import type { NamingTable } from '../files/naming-columns.js';

/** Rows that one statement looks at. */
const pageSize = 500;

/** Where one page of a table ended: the key of its last row, without the organization. */
export type PageEnd = readonly string[];

/**
 * Notes of the old files that some rows of a table name that they are named; `old` is the condition that a row of
 * `stored_objects` is one. Returns where the page ended; undefined after the last one.
 */
export async function noteNamedFiles(
  transaction: Transaction,
  orgId: string,
  { name, key, columns }: NamingTable,
  old: SQL,
  after: PageEnd | undefined,
): Promise<PageEnd | undefined> {
  const names = sql.join(
    key.map((column) => sql.identifier(column.name)),
    sql`, `,
  );
  const values = sql.join(
    (after ?? []).map((value, index) => sql`${value}::${sql.raw(key[index]?.type ?? 'text')}`),
    sql`, `,
  );
  const texts = sql.join(
    columns.map((column) => sql`${sql.identifier(column)}::text`),
    sql`, `,
  );
  const ends = sql.join(
    key.map((column) => sql`${sql.identifier(column.name)}::text`),
    sql`, `,
  );
  const isLater = after && key.length > 0 ? sql`AND (${names}) > (${values})` : sql``;
  const order = key.length > 0 ? sql`ORDER BY ${names}` : sql``;
  const [page] = await transaction.execute<{ rows: number; last: string[] | null }>(sql`
    WITH page AS MATERIALIZED (
      SELECT row_number() OVER (${order}) AS place, ARRAY[${ends}]::text[] AS ending, concat_ws(' ', ${texts}) AS content
      FROM ${sql.identifier(name)} WHERE org_id = ${orgId}::uuid ${isLater} ${order} LIMIT ${pageSize}
    ), named AS MATERIALIZED (
      SELECT DISTINCT found[1] AS sha256 FROM page, regexp_matches(content, ${addressPattern}, 'g') AS found
    ), noted AS (
      UPDATE stored_objects SET mentioned_at = now(), unused_since = NULL
      WHERE (org_id, sha256) IN (
        SELECT org_id, sha256 FROM stored_objects JOIN named USING (sha256)
        WHERE org_id = ${orgId}::uuid AND ${old} FOR UPDATE OF stored_objects SKIP LOCKED)
    )
    SELECT count(*)::integer AS rows, (array_agg(to_jsonb(ending) ORDER BY place DESC))[1] AS last FROM page`);
  return page && page.rows === pageSize && key.length > 0 ? (page.last ?? undefined) : undefined;
}
