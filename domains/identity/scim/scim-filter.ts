import { and, eq, type SQL } from 'drizzle-orm';
import { type Filter, parse } from 'scim2-parse-filter';
import { invalidField } from '#core/errors.js';

type Comparable = SQL | Parameters<typeof eq>[0];

const maxLength = 1000;

/**
 * The condition of a filter: comparisons by `eq` of the attributes in `columns` (by lower-case path), alone or joined by
 * `and`. Throws `validation` naming `filter` for anything else: what is not understood must not select everything.
 */
export function conditionOf(
  filter: string | undefined,
  columns: Readonly<Record<string, (value: string) => SQL | undefined>>,
): SQL | undefined {
  if (filter === undefined) return undefined;
  return conditionIn(parsed(filter), columns);
}

/** A comparison with a column. */
export function equalTo(column: Comparable): (value: string) => SQL {
  return (value) => eq(column as Parameters<typeof eq>[0], value);
}

function parsed(filter: string): Filter {
  if (filter.length > maxLength) throw unusable('is too long');
  try {
    return parse(filter);
  } catch {
    throw unusable('can not be read');
  }
}

function conditionIn(
  filter: Filter,
  columns: Readonly<Record<string, (value: string) => SQL | undefined>>,
): SQL | undefined {
  if (filter.op === 'and' && 'filters' in filter) {
    return and(...filter.filters.map((part) => conditionIn(part, columns)));
  }
  if (filter.op === '[]' && 'valFilter' in filter) {
    // `emails[type eq "work"].value eq "x"`: the kind of the address does not matter here.
    throw unusable('may compare attributes by eq, joined by and');
  }
  if (filter.op !== 'eq' || !('compValue' in filter)) {
    throw unusable('may compare attributes by eq, joined by and');
  }
  const path = filter.attrPath.toLowerCase().replace(/^urn:[a-z0-9:.]*:(user|group):/, '');
  const compare = Object.hasOwn(columns, path) ? columns[path] : undefined;
  if (!compare) throw unusable(`can not ask for ${filter.attrPath}`);
  return compare(String(filter.compValue));
}

function unusable(message: string) {
  return invalidField({ path: 'filter', message });
}
