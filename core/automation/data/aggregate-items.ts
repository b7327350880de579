import { canonicalJson } from '../../canonical-json.js';
import type { Scope } from '../../expression/evaluate.js';
import { comparables, compareValues } from './compare-values.js';
import type { Aggregation, DataOperation } from './data-operation.js';
import { invalid, listOf, shown, valuesOf } from './item-values.js';

/** One object for each group, in order of their first items; without groups one for the whole list, empty or not. */
export function aggregateItems(
  { items, groupBy, values }: Extract<DataOperation, { name: 'aggregate' }>,
  scope: Scope,
): unknown[] {
  const list = listOf(items, scope, 'input.items');
  const columns = Object.entries(values).map(([name, aggregation]) => {
    const field = `input.values.${name}.of`;
    const column = aggregation.of === undefined ? list : valuesOf(list, aggregation.of, scope, field);
    return { name, aggregation, column, field };
  });
  return groupsOf(list, groupBy, scope).map(({ keys, places }) => {
    const computed = columns.map(({ name, aggregation, column, field }) => {
      const inGroup = places.map((place) => column[place]);
      return [name, aggregated(inGroup, aggregation, field)];
    });
    return Object.fromEntries([...keys, ...computed]);
  });
}

interface Group {
  keys: (readonly [string, unknown])[];
  places: number[];
}

function groupsOf(
  list: readonly unknown[],
  groupBy: Readonly<Record<string, unknown>>,
  scope: Scope,
): Group[] {
  const names = Object.keys(groupBy);
  if (names.length === 0) return [{ keys: [], places: list.map((_item, index) => index) }];
  const columns = names.map((name) => valuesOf(list, groupBy[name], scope, `input.groupBy.${name}`));
  const groups = new Map<string, Group>();
  for (const place of list.keys()) {
    const keys = names.map((name, index) => [name, columns[index]?.[place] ?? null] as const);
    const text = canonicalJson(keys.map(([, value]) => value));
    const group = groups.get(text) ?? { keys, places: [] };
    group.places.push(place);
    groups.set(text, group);
  }
  return [...groups.values()];
}

function aggregated(values: readonly unknown[], { function: name, of }: Aggregation, field: string): unknown {
  const present = values.filter((value) => value !== null && value !== undefined);
  switch (name) {
    case 'count':
      return of === undefined ? values.length : present.length;
    case 'sum':
      return sumOf(present, field);
    case 'avg':
      return present.length === 0 ? null : sumOf(present, field) / present.length;
    case 'min':
      return extreme(present, field, 1);
    case 'max':
      return extreme(present, field, -1);
    case 'first':
      return values[0] ?? null;
    case 'last':
      return values.at(-1) ?? null;
    case 'list':
      return values;
    case 'distinct':
      return [...new Map(values.map((value) => [canonicalJson(value), value])).values()];
  }
}

function sumOf(values: readonly unknown[], field: string): number {
  let sum = 0;
  for (const value of values) {
    if (typeof value !== 'number') throw invalid(field, `must be a number, but is ${shown(value)}`);
    sum += value;
  }
  return sum;
}

function extreme(values: readonly unknown[], field: string, direction: 1 | -1): unknown {
  let found: ReturnType<typeof comparables>[number] = null;
  for (const value of comparables(values, field)) {
    if (value === null) continue;
    if (found === null || compareValues(value, found) * direction < 0) found = value;
  }
  return found;
}
