import type { Environment } from '@marcbachmann/cel-js';
import { boundedLength, finiteNumber, refuse, wholeNumber } from './arguments.js';

/** Functions on texts and numbers. Nothing in them depends on a language. */
export function registerTextFunctions(environment: Environment): void {
  environment
    .registerFunction('string.lower(): string', (text: string) => text.toLowerCase())
    .registerFunction('string.upper(): string', (text: string) => text.toUpperCase())
    .registerFunction('string.replace(string, string): string', replaceAll)
    .registerFunction('string.padStart(dyn, string): string', (text: string, length: unknown, fill: string) =>
      text.padStart(paddedLength(length), fill),
    )
    .registerFunction('string.padEnd(dyn, string): string', (text: string, length: unknown, fill: string) =>
      text.padEnd(paddedLength(length), fill),
    )
    .registerFunction('formatNumber(dyn, dyn): string', (number: unknown, decimals: unknown) =>
      formatNumber(number, decimals, '', '.'),
    )
    .registerFunction('formatNumber(dyn, dyn, string, string): string', formatNumber)
    .registerFunction('round(dyn, dyn): double', round)
    .registerFunction('round(dyn): double', (number: unknown) => round(number, 0))
    .registerFunction('floor(dyn): double', (number: unknown) => Math.floor(finiteNumber(number, 'floor()')))
    .registerFunction('ceil(dyn): double', (number: unknown) => Math.ceil(finiteNumber(number, 'ceil()')))
    .registerFunction('abs(dyn): double', (number: unknown) => Math.abs(finiteNumber(number, 'abs()')));
}

function replaceAll(text: string, search: string, replacement: string): string {
  if (search === '') throw refuse('replace() needs a text to search for');
  const parts = text.split(search);
  boundedLength(text.length + (parts.length - 1) * (replacement.length - search.length));
  return parts.join(replacement);
}

function paddedLength(length: unknown): number {
  return boundedLength(wholeNumber(length, 'The length', [0, 10_000]));
}

/** `formatNumber(1234.5, 2, '.', ',')` is `1.234,50`. */
function formatNumber(value: unknown, decimals: unknown, group: string, point: string): string {
  const number = finiteNumber(value, 'formatNumber()');
  if (Math.abs(number) >= 1e21) throw refuse('formatNumber() takes numbers below 1e21');
  const rounded = round(number, wholeNumber(decimals, 'The number of decimals', [0, 20]));
  const [whole = '', fraction] = Math.abs(rounded).toFixed(Number(decimals)).split('.');
  const start = whole.length % 3;
  const groups = [
    ...(start > 0 ? [whole.slice(0, start)] : []),
    ...(whole.slice(start).match(/\d{3}/g) ?? []),
  ];
  const sign = rounded < 0 ? '-' : '';
  return `${sign}${groups.join(group)}${fraction === undefined ? '' : `${point}${fraction}`}`;
}

/** Half away from zero, as people round: 2.675 to two decimals is 2.68. */
function round(value: unknown, decimals: unknown): number {
  const number = finiteNumber(value, 'round()');
  const places = wholeNumber(decimals, 'The number of decimals', [0, 20]);
  const [digits = '', exponent = '0'] = Math.abs(number).toExponential().split('e');
  const shifted = Math.round(Number(`${digits}e${Number(exponent) + places}`));
  if (!Number.isSafeInteger(shifted)) return number;
  return Math.sign(number) * Number(`${shifted}e-${places}`);
}
