import { AppError, type ErrorIssue } from '../errors.js';
import { parseTemplate, type TemplatePart } from '../expression/template.js';
import type { ParameterValue } from './parameter.js';

/** Undefined for a parameter that is declared but has no value. */
export type ParameterValues = ReadonlyMap<string, ParameterValue | undefined>;

export interface Filled {
  value: unknown;
  /** Placeholders that stand where none can, and what looks like one but is not declared. */
  misplaced: ErrorIssue[];
  undeclared: ErrorIssue[];
}

const placeholder = /\[\[([a-z][a-z0-9_]{0,62})\]\]/g;
const onlyPlaceholder = /^\[\[([a-z][a-z0-9_]{0,62})\]\]$/;

/**
 * Replaces `[[key]]` in every string of a JSON value. A string that is one placeholder becomes the value with its type,
 * and is left out where there is none; text around it makes a string. Expressions `{{ … }}` are no place for
 * placeholders: `[[a]]` is a list of a list there. Paths of issues are those in the value.
 */
export function fillPlaceholders(value: unknown, values: ParameterValues): Filled {
  const filled: Filled = { value: undefined, misplaced: [], undeclared: [] };
  filled.value = fill(value, [], values, filled);
  return filled;
}

function fill(value: unknown, path: readonly string[], values: ParameterValues, found: Filled): unknown {
  if (typeof value === 'string') return fillText(value, path, values, found);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .map(([key, entry]) => [key, fill(entry, [...path, key], values, found)] as const)
    .filter(([, entry]) => entry !== undefined);
  return Array.isArray(value) ? entries.map(([, entry]) => entry) : Object.fromEntries(entries);
}

function fillText(text: string, path: readonly string[], values: ParameterValues, found: Filled): unknown {
  if (!text.includes('[[')) return text;
  const only = onlyPlaceholder.exec(text)?.[1];
  if (only !== undefined && values.has(only)) return values.get(only);

  // Text that is no valid template is all text: unfinished drafts may hold it.
  const parts = parsed(text) ?? [{ text }];
  const where = path.join('.');
  const keys = keysIn(parts.map((part) => ('text' in part ? part.text : '')));
  const inExpressions = keysIn(parts.map((part) => ('expression' in part ? part.expression : '')));
  for (const key of inExpressions.filter((name) => values.has(name))) {
    const message = `the parameter ${key} can't stand inside {{ … }}; put [[${key}]] into a step of type set, and use its output`;
    found.misplaced.push({ path: where, message });
  }
  for (const key of keys.filter((name) => !values.has(name))) {
    found.undeclared.push({ path: where, message: `[[${key}]] stays as it is: there is no such parameter` });
  }
  const used = keys.filter((name) => values.has(name));
  if (used.length === 0) return text;
  const filled = parts
    .map((part) => ('text' in part ? replaced(part.text, values) : `{{ ${part.expression} }}`))
    .join('');
  if (expressionCount(filled) !== expressionCount(text)) {
    const message = `the value of ${used.join(', ')} makes an expression of the text around it`;
    found.misplaced.push({ path: where, message });
  }
  return filled;
}

function parsed(text: string): readonly TemplatePart[] | undefined {
  try {
    return parseTemplate(text);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

function keysIn(texts: readonly string[]): string[] {
  return [...new Set(texts.flatMap((text) => [...text.matchAll(placeholder)].map(([, key = '']) => key)))];
}

function replaced(text: string, values: ParameterValues): string {
  return text.replace(placeholder, (whole, key: string) =>
    values.has(key) ? String(values.get(key) ?? '') : whole,
  );
}

function expressionCount(text: string): number {
  return parsed(text)?.filter((part) => 'expression' in part).length ?? -1;
}
