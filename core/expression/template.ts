import { AppError } from '../errors.js';

/** Text between expressions, and the expressions: `New: {{ trigger.title }}!` has three parts. */
export type TemplatePart = { text: string } | { expression: string };

/** Bytes, roughly, of one template string. */
const maxLength = 20_000;

const cache = new Map<string, readonly TemplatePart[]>();
const cacheSize = 5_000;

/**
 * Splits a string at `{{ … }}`. Braces and quotes inside an expression are respected, so map literals and strings
 * may hold `}}`. Throws `validation` for an expression that is not closed or empty.
 */
export function parseTemplate(template: string): readonly TemplatePart[] {
  const known = cache.get(template);
  if (known) return known;
  const parts = splitTemplate(template);
  if (cache.size >= cacheSize) cache.clear();
  cache.set(template, parts);
  return parts;
}

/** True if the string holds an expression. */
export function isTemplate(text: string): boolean {
  return text.includes('{{');
}

/** The same string with other expressions, blanks around them included. What is not closed stays as it is. */
export function mapExpressions(template: string, map: (expression: string) => string): string {
  let mapped = '';
  let position = 0;
  for (;;) {
    const start = template.indexOf('{{', position);
    const end = start < 0 ? -1 : findEnd(template, start + 2);
    if (end < 0) return mapped + template.slice(position);
    mapped += `${template.slice(position, start)}{{${map(template.slice(start + 2, end))}}}`;
    position = end + 2;
  }
}

function splitTemplate(template: string): TemplatePart[] {
  if (template.length > maxLength) throw invalid(`is longer than ${maxLength} characters`);
  const parts: TemplatePart[] = [];
  let position = 0;
  while (position < template.length) {
    const start = template.indexOf('{{', position);
    if (start < 0) break;
    if (start > position) parts.push({ text: template.slice(position, start) });
    const end = findEnd(template, start + 2);
    if (end < 0) throw invalid('has {{ without }}');
    const expression = template.slice(start + 2, end).trim();
    if (expression === '') throw invalid('has an empty {{ }}');
    parts.push({ expression });
    position = end + 2;
  }
  if (position < template.length) parts.push({ text: template.slice(position) });
  return parts;
}

function findEnd(template: string, from: number): number {
  let depth = 0;
  let quote = '';
  for (let index = from; index < template.length; index += 1) {
    const character = template[index] ?? '';
    if (quote) {
      if (character === '\\') index += 1;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      if (depth === 0) return template[index + 1] === '}' ? index : -1;
      depth -= 1;
    }
  }
  return -1;
}

function invalid(message: string): AppError {
  return new AppError('validation', `The template ${message}`);
}
