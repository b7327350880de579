import type { Scope } from '../../expression/evaluate.js';
import type { DataOperation } from './data-operation.js';
import { listOf, valuesOf, wholeNumberOf } from './item-values.js';

type Operation<Name> = Extract<DataOperation, { name: Name }>;

/** An object with these fields for each item. */
export function pickFields({ items, fields }: Operation<'pick'>, scope: Scope): unknown[] {
  return valuesOf(listOf(items, scope, 'input.items'), fields, scope, 'input.fields');
}

/** Lists of so many items; the last has what is left. */
export function splitItems({ items, size }: Operation<'split'>, scope: Scope): unknown[] {
  const list = listOf(items, scope, 'input.items');
  const length = wholeNumberOf(size, scope, 'input.size', 1);
  const batches: unknown[] = [];
  for (let from = 0; from < list.length; from += length) batches.push(list.slice(from, from + length));
  return batches;
}
