import { isDeepStrictEqual } from 'node:util';
import type { AuditedChange } from './audit-details.js';

type Values = Readonly<Record<string, unknown>>;

/** What differs among these fields, before and after. Nothing where nothing does. */
export function changeBetween(before: Values, after: Values, names: readonly string[]): AuditedChange {
  const changed = names.filter((name) => !isDeepStrictEqual(before[name], after[name]));
  if (changed.length === 0) return {};
  const among = (values: Values) => Object.fromEntries(changed.map((name) => [name, values[name] ?? null]));
  return { before: among(before), after: among(after) };
}
