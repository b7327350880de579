import { is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import * as schema from '#db/schema/index.js';

/** A table of organizations' rows, and what in it may name a file. */
export interface NamingTable {
  name: string;
  /** The rest of the primary key behind the organization, in its order, with the types. */
  key: readonly { name: string; type: string }[];
  /** Columns with text or JSON. */
  columns: readonly string[];
}

/** Tables whose texts never name a file; the application's role may not even read the queue. */
const tablesWithoutFiles: ReadonlySet<string> = new Set(['audit_log', 'dispatch_queue']);
/** Of a file's own row only the files that it names in turn. */
const onlyColumns: Readonly<Record<string, readonly string[]>> = { stored_objects: ['mentions'] };

/**
 * Every column of every organization's table in which the address of a file may stand: a file is kept as long as it is
 * named anywhere. So a new table needs no entry here.
 */
export const namingTables: readonly NamingTable[] = Object.values(schema)
  .filter((entry) => is(entry, PgTable))
  .map(namingTableOf)
  .filter(({ name, columns }) => columns.length > 0 && !tablesWithoutFiles.has(name));

function namingTableOf(table: PgTable): NamingTable {
  const { name, columns, primaryKeys } = getTableConfig(table);
  const types = new Map(columns.map((column) => [column.name, column.getSQLType()]));
  const [first, ...rest] = primaryKeys[0]?.columns ?? [];
  if (first?.name !== 'org_id') return { name, key: [], columns: [] };
  const holdingText = [...types].flatMap(([column, type]) =>
    /^(text|citext|jsonb?)\b/.test(type) ? [column] : [],
  );
  return {
    name,
    key: rest.map((column) => ({ name: column.name, type: types.get(column.name) ?? 'text' })),
    columns: onlyColumns[name] ?? holdingText,
  };
}
