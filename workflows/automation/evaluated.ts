import { isReference, type PackedValue } from '#core/automation/packed-value.js';
import { type AppError, invalidField } from '#core/errors.js';

/** The value of a condition. Throws `validation` for anything but true and false. */
export function truthOf(value: PackedValue, field: string): boolean {
  const truth = inlineOf(value);
  if (typeof truth === 'boolean') return truth;
  throw invalid(field, `must be true or false, but is ${JSON.stringify(truth)?.slice(0, 100)}`);
}

/** A small value; undefined for one that is kept by reference. */
export function inlineOf(value: PackedValue): unknown {
  return isReference(value) ? undefined : value.inline;
}

/** A value of a field that the node can't work with. */
export function invalid(path: string, message: string): AppError {
  return invalidField({ path, message });
}
