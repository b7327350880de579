import { AppError, invalidField } from '../../errors.js';
import { evaluateTemplates, type Scope } from '../../expression/evaluate.js';
import { spendSteps } from '../../expression/meter.js';
import { maxLoopItems } from '../loops.js';

/** What evaluating one template for one item counts at least. */
const stepsAnItem = 4;

/** The list that a field gives. Throws `validation` if it is none, `limit_exceeded` if it is too long. */
export function listOf(template: unknown, scope: Scope, field: string): readonly unknown[] {
  const list = evaluateTemplates(template, scope, field);
  if (!Array.isArray(list)) throw invalid(field, `must be a list, but is ${shown(list)}`);
  return withinLimit(list, field);
}

/** The whole number that a field gives. Throws `validation` for anything else. */
export function wholeNumberOf(template: unknown, scope: Scope, field: string, min: number): number {
  const value = evaluateTemplates(template, scope, field);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min) return value;
  throw invalid(field, `must be a whole number from ${min} on, but is ${shown(value)}`);
}

/** What a template gives for each item, which sees it as `item`, and its place as `index`. */
export function valuesOf(
  items: readonly unknown[],
  template: unknown,
  scope: Scope,
  field: string,
): unknown[] {
  return items.map((item, index) => {
    spendSteps(stepsAnItem);
    return evaluateTemplates(template, { ...scope, item, index }, field);
  });
}

/** Throws `limit_exceeded` for more items than a step takes or gives. */
export function withinLimit<Items extends readonly unknown[]>(items: Items, field: string): Items {
  if (items.length <= maxLoopItems) return items;
  const message = `A step takes ${maxLoopItems} items, and these are ${items.length}`;
  throw new AppError('limit_exceeded', `${field}: ${message}`, { issues: [{ path: field, message }] });
}

/** A value of a field that the step can't work with. */
export function invalid(field: string, message: string): AppError {
  return invalidField({ path: field, message });
}

/** A value as an error shows it. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
