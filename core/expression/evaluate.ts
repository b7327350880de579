import { EvaluationError, ParseError, type ParseResult } from '@marcbachmann/cel-js';
import { AppError } from '../errors.js';
import { createEnvironment, scopeNames } from './environment.js';
import { guardTree } from './guard.js';
import { AllowanceExceeded, templateAllowance, withAllowance } from './meter.js';
import { refusedCall } from './refused-call.js';
import { isTemplate, parseTemplate, type TemplatePart } from './template.js';
import { toJson } from './to-json.js';

/** What expressions can see: `trigger`, `steps`, `run`, `org`, … */
export type Scope = Readonly<Record<string, unknown>>;

const environment = createEnvironment();
for (const name of scopeNames) environment.registerVariable(name, 'dyn');

const cache = new Map<string, ParseResult>();
const cacheSize = 5_000;
/** Characters of an expression that its error shows. */
const maxShownLength = 300;

/**
 * Evaluates one CEL expression. Returns plain JSON: whole numbers as numbers, moments as ISO 8601, bytes as base64.
 * Throws `validation` with the reason, for example a field that is not there.
 */
export function evaluateExpression(expression: string, scope: Scope): unknown {
  try {
    return withAllowance(templateAllowance, () => toJson(parse(expression)(scope)));
  } catch (error) {
    throw new AppError('validation', `{{ ${shortened(expression)} }}: ${reasonOf(error)}`);
  }
}

/**
 * Evaluates every template in a JSON value. A string that is one expression keeps its type; with text around it,
 * it becomes a string. Throws `validation` whose issue names the path within the value.
 */
export function evaluateTemplates(value: unknown, scope: Scope, path = ''): unknown {
  return withAllowance(templateAllowance, () => evaluateAll(value, scope, path));
}

function evaluateAll(value: unknown, scope: Scope, path: string): unknown {
  if (typeof value === 'string') return isTemplate(value) ? evaluateTemplate(value, scope, path) : value;
  if (Array.isArray(value)) return value.map((entry, index) => evaluateAll(entry, scope, join(path, index)));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, evaluateAll(entry, scope, join(path, key))]),
  );
}

function evaluateTemplate(template: string, scope: Scope, path: string): unknown {
  try {
    const parts = parseTemplate(template);
    const [only] = parts;
    if (parts.length === 1 && only && 'expression' in only) return evaluateExpression(only.expression, scope);
    return parts.map((part) => partText(part, scope)).join('');
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(error.code, error.message, { issues: [{ path, message: error.message }] });
  }
}

function partText(part: TemplatePart, scope: Scope): string {
  if ('text' in part) return part.text;
  const value = evaluateExpression(part.expression, scope);
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function reasonOf(error: unknown): string {
  if (error instanceof EvaluationError || error instanceof ParseError) return error.summary;
  if (error instanceof AllowanceExceeded || error instanceof AppError) return error.message;
  // Too deeply nested, too long, no such time zone: the message says it, and holds nothing else.
  if (error instanceof RangeError) return error.message;
  // Whatever the evaluator trips over is the expression's fault, not an outage.
  return 'can not be evaluated';
}

function shortened(expression: string): string {
  return expression.length > maxShownLength ? `${expression.slice(0, maxShownLength)}…` : expression;
}

function parse(expression: string): ParseResult {
  const known = cache.get(expression);
  if (known) return known;
  const parsed = environment.parse(expression);
  const refused = refusedCall(parsed.ast);
  if (refused) throw new AppError('validation', refused);
  guardTree(parsed.ast);
  if (cache.size >= cacheSize) cache.clear();
  cache.set(expression, parsed);
  return parsed;
}

function join(path: string, key: string | number): string {
  return path === '' ? String(key) : `${path}.${key}`;
}
