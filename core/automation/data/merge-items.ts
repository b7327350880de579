import { canonicalJson } from '../../canonical-json.js';
import type { Scope } from '../../expression/evaluate.js';
import { spendSteps } from '../../expression/meter.js';
import type { Merging } from './data-operation.js';
import { invalid, listOf, shown, valuesOf, withinLimit } from './item-values.js';

type Item = Readonly<Record<string, unknown>>;

/**
 * Two lists as one: one behind the other, or items of both that have the same key as one object each, one for every
 * pair. A key that is null is like no other. With `outer`, what only the right side has comes last.
 */
export function mergeItems(merging: Merging, scope: Scope): unknown[] {
  const { mode, by, rightBy = by, prefix } = merging;
  const leftItems = listOf(merging.left, scope, 'input.left');
  const rightItems = listOf(merging.right, scope, 'input.right');
  if (mode === 'append') return withinLimit([...leftItems, ...rightItems], 'input');

  const left = objectsIn(leftItems, 'input.left');
  const right = objectsIn(rightItems, 'input.right');
  const leftKeys = valuesOf(left, by, scope, 'input.by');
  const rightKeys = valuesOf(
    right,
    rightBy,
    scope,
    merging.rightBy === undefined ? 'input.by' : 'input.rightBy',
  );
  const places = placesByKey(rightKeys);
  const matched = new Set<number>();
  const merged: unknown[] = [];
  for (const [index, item] of left.entries()) {
    const partners = leftKeys[index] == null ? [] : (places.get(canonicalJson(leftKeys[index])) ?? []);
    if (partners.length === 0 && mode !== 'inner') merged.push(item);
    for (const place of partners) {
      spendSteps(10);
      matched.add(place);
      merged.push(mergedItem(item, right[place] ?? {}, prefix));
    }
    withinLimit(merged, 'input');
  }
  const rest = mode === 'outer' ? right.filter((_item, place) => !matched.has(place)) : [];
  return withinLimit([...merged, ...rest], 'input');
}

function objectsIn(items: readonly unknown[], field: string): Item[] {
  return items.map((item, index) => {
    if (isObject(item)) return item;
    throw invalid(field, `must be a list of objects, but item ${index} is ${shown(item)}`);
  });
}

function isObject(item: unknown): item is Item {
  return typeof item === 'object' && item !== null && !Array.isArray(item);
}

function placesByKey(keys: readonly unknown[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [place, key] of keys.entries()) {
    if (key === null || key === undefined) continue;
    const text = canonicalJson(key);
    const known = places.get(text) ?? [];
    known.push(place);
    places.set(text, known);
  }
  return places;
}

function mergedItem(left: Item, right: Item, prefix: string | undefined): Item {
  const named = Object.entries(right).map(([name, value]) => {
    const isTaken = prefix !== undefined && Object.hasOwn(left, name);
    return [isTaken ? `${prefix}${name}` : name, value] as const;
  });
  return Object.fromEntries([...Object.entries(left), ...named]);
}
