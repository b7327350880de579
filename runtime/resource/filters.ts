import { arrayContains, eq, gt, inArray, isNotNull, isNull, lt, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { z } from 'zod';

/** One way to narrow a list: the schema of its value, and the condition that the value means. */
export interface Filter {
  schema: z.ZodType;
  /** `value` has been parsed by `schema`. */
  where(value: unknown): SQL | undefined;
}

/** At most as many alternatives as one filter takes. */
const maxAlternatives = 50;

/** The column has exactly this value. */
export function equals(column: PgColumn, schema: z.ZodType): Filter {
  return { schema, where: (value) => eq(column, value) };
}

/** The column has one of these values: a list, or in a query string `a,b`. */
export function oneOf(column: PgColumn, schema: z.ZodType): Filter {
  return {
    schema: z.preprocess(
      (value) => (typeof value === 'string' ? value.split(',') : value),
      z.array(schema).min(1).max(maxAlternatives),
    ),
    where: (value) => inArray(column, Array.isArray(value) ? value : [value]),
  };
}

/** The column is less than this value; rows without one are left out. */
export function below(column: PgColumn, schema: z.ZodType): Filter {
  return { schema, where: (value) => lt(column, value) };
}

/** The column is greater than this value; rows without one are left out. */
export function above(column: PgColumn, schema: z.ZodType): Filter {
  return { schema, where: (value) => gt(column, value) };
}

/** The text[] column holds this value. */
export function contains(column: PgColumn, schema: z.ZodType<string>): Filter {
  return { schema, where: (value) => arrayContains(column, [value]) };
}

/** The column has a value, or none: `true` or `false`, also as text. */
export function isGiven(column: PgColumn): Filter {
  return {
    schema: z.stringbool().or(z.boolean()),
    where: (value) => (value === true ? isNotNull(column) : isNull(column)),
  };
}
