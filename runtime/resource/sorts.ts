import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { z } from 'zod';

/** One order that a list can have. */
export interface Sort {
  expression: SQLWrapper;
  /** Where true, rows without a value come last, in both directions. */
  isNullable: boolean;
  /** Schema of a value as a cursor carries it. */
  cursorValue: z.ZodType<string>;
  /** SQL type that a cursor's value is cast to. */
  type: keyof typeof cursorValues;
}

const cursorValues = {
  text: z.string().refine((text) => !text.includes('\0')),
  integer: z.string().regex(/^-?\d{1,9}$/),
  date: z.iso.date(),
  'timestamp with time zone': z.iso.datetime({ offset: true }),
};

/** Sorts by a column. Throws an Error at start-up for a column of a type that cursors can't carry. */
export function byColumn(column: PgColumn): Sort {
  const type = column.getSQLType();
  if (!isSortable(type)) throw new Error(`Column ${column.name} of type ${type} is not sortable`);
  return { expression: column, isNullable: !column.notNull, cursorValue: cursorValues[type], type };
}

/** Sorts an enumerated text column by the place of its value in `order`, least first. The column is never null. */
export function byRank(column: PgColumn, order: readonly string[]): Sort {
  const literals = sql.join(
    order.map((value) => sql`${value}::text`),
    sql`, `,
  );
  const expression: SQL = sql`array_position(ARRAY[${literals}], ${column})`;
  return { expression, isNullable: false, cursorValue: cursorValues.integer, type: 'integer' };
}

function isSortable(type: string): type is keyof typeof cursorValues {
  return Object.hasOwn(cursorValues, type);
}
