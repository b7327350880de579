import { getTableColumns } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { z } from 'zod';

type ResourceColumn = 'orgId' | 'id' | 'version' | 'createdAt' | 'updatedAt' | 'deletedAt';

/**
 * A table that has `resourceColumns` (db/schema/columns.ts). Where it has `updatedBy` too, a conflict of versions names
 * the person who changed the row last.
 */
export type ResourceTable = PgTable & Record<ResourceColumn, PgColumn> & { updatedBy?: PgColumn };

/** One row, by field name, before its output schema has parsed it. */
export type Row = Record<string, unknown>;

/** The columns of a table that an output schema names: what a query has to select, and nothing else. */
export function fieldsOf(table: PgTable, output: z.ZodObject): Record<string, PgColumn> {
  const columns = Object.entries(getTableColumns(table));
  return Object.fromEntries(columns.filter(([field]) => field in output.shape));
}

/** The row's values of these fields, where it has them. */
export function fieldsAmong(row: Row, names: readonly string[]): Row {
  return Object.fromEntries(names.filter((name) => row[name] !== undefined).map((name) => [name, row[name]]));
}

/** The field name of a column in its table's definition: `projectId` for `project_id`. */
export function fieldOfColumn(table: PgTable, columnName: string): string {
  const columns = Object.entries(getTableColumns(table));
  return columns.find(([, column]) => column.name === columnName)?.[0] ?? columnName;
}
