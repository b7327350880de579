import type { Scope } from '../../expression/evaluate.js';
import { type Allowance, AllowanceExceeded, withAllowance } from '../../expression/meter.js';
import { aggregateItems } from './aggregate-items.js';
import type { DataOperation, DataOutput } from './data-operation.js';
import { invalid } from './item-values.js';
import { mergeItems } from './merge-items.js';
import { dedupeItems, filterItems, limitItems, sortItems } from './select-items.js';
import { pickFields, splitItems } from './shape-items.js';

/** What one data node may use: enough for several expressions over 100,000 items. */
const dataAllowance: Allowance = { steps: 3_000_000, output: 64_000_000 };

/**
 * Does what a data node says. Throws `validation` whose issue names the field, for what is no list, expressions that
 * fail, and values that can't be compared or added; `limit_exceeded` for more items than a step takes.
 */
export function operate(operation: DataOperation, scope: Scope): DataOutput {
  try {
    const items = withAllowance(dataAllowance, () => itemsOf(operation, scope));
    return { items, count: items.length };
  } catch (error) {
    if (error instanceof AllowanceExceeded) throw invalid('input', error.message);
    throw error;
  }
}

function itemsOf(operation: DataOperation, scope: Scope): unknown[] {
  switch (operation.name) {
    case 'filter':
      return filterItems(operation, scope);
    case 'sort':
      return sortItems(operation, scope);
    case 'limit':
      return limitItems(operation, scope);
    case 'dedupe':
      return dedupeItems(operation, scope);
    case 'aggregate':
      return aggregateItems(operation, scope);
    case 'merge':
      return mergeItems(operation, scope);
    case 'split':
      return splitItems(operation, scope);
    case 'pick':
      return pickFields(operation, scope);
  }
}
