import { canonicalJson } from '../../canonical-json.js';
import type { Scope } from '../../expression/evaluate.js';
import { comparables, compareValues } from './compare-values.js';
import type { DataOperation, SortKey } from './data-operation.js';
import { invalid, listOf, shown, valuesOf, wholeNumberOf } from './item-values.js';

type Operation<Name> = Extract<DataOperation, { name: Name }>;

/** The items for which a condition holds. */
export function filterItems({ items, keep }: Operation<'filter'>, scope: Scope): unknown[] {
  const list = listOf(items, scope, 'input.items');
  const holds = valuesOf(list, keep, scope, 'input.keep');
  return list.filter((_item, index) => {
    const truth = holds[index];
    if (typeof truth === 'boolean') return truth;
    throw invalid('input.keep', `must be true or false, but is ${shown(truth)} of item ${index}`);
  });
}

/** The items in order. What is alike keeps its order; items without a key come last. */
export function sortItems({ items, by }: Operation<'sort'>, scope: Scope): unknown[] {
  const list = listOf(items, scope, 'input.items');
  const columns = by.map(({ key, direction }, index) => {
    const field = `input.by.${index}.key`;
    return { values: comparables(valuesOf(list, key, scope, field), field), direction };
  });
  const places = list.map((_item, index) => index);
  places.sort((left, right) => {
    for (const { values, direction } of columns) {
      const order = comparePlaces(values[left] ?? null, values[right] ?? null, direction);
      if (order !== 0) return order;
    }
    return left - right;
  });
  return places.map((place) => list[place]);
}

/** Some items from the start or the end of the list. */
export function limitItems({ items, count, offset, from }: Operation<'limit'>, scope: Scope): unknown[] {
  const list = listOf(items, scope, 'input.items');
  const wanted = wholeNumberOf(count, scope, 'input.count', 0);
  const skipped = wholeNumberOf(offset, scope, 'input.offset', 0);
  if (from === 'start') return list.slice(skipped, skipped + wanted);
  const end = Math.max(0, list.length - skipped);
  return list.slice(Math.max(0, end - wanted), end);
}

/** One item of each key: the first or the last, at its place. */
export function dedupeItems({ items, by, keep }: Operation<'dedupe'>, scope: Scope): unknown[] {
  const list = listOf(items, scope, 'input.items');
  const places = new Map<string, number>();
  for (const [index, key] of valuesOf(list, by, scope, 'input.by').entries()) {
    const text = canonicalJson(key);
    if (keep === 'last' || !places.has(text)) places.set(text, index);
  }
  return [...places.values()].sort((left, right) => left - right).map((place) => list[place]);
}

type Key = Parameters<typeof compareValues>[0] | null;

function comparePlaces(left: Key, right: Key, direction: SortKey['direction']): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return direction === 'ascending' ? compareValues(left, right) : compareValues(right, left);
}
