import { EvaluationError } from '@marcbachmann/cel-js';
import { AllowanceExceeded, spendText } from '../meter.js';

/** Characters of the longest text that a function gives. */
const maxText = 4_000_000;

/** A function of the dialect that can't work with what it was given. */
export function refuse(message: string): EvaluationError {
  return new EvaluationError(message);
}

/** A whole number within bounds, given as `int` or as a number of JSON. */
export function wholeNumber(value: unknown, name: string, [min, max]: readonly [number, number]): number {
  const number = finiteNumber(value, name);
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  throw refuse(`${name} must be a whole number from ${min} to ${max}`);
}

/** A number, given as `int` or as a number of JSON. */
export function finiteNumber(value: unknown, name: string): number {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw refuse(`${name} must be a number`);
}

/** Counts a text that a function is about to give; throws if it is too long. */
export function boundedLength(length: number): number {
  if (length > maxText) throw new AllowanceExceeded('gives too long a text');
  spendText(length);
  return length;
}
