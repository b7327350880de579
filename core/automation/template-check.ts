import type { JsonSchema } from '../expression/json-schema-types.js';
import { isTemplate } from '../expression/template.js';
import { type ExpressionCheck, expressionsOf } from './expression-check.js';

export interface FieldIssue {
  path: string;
  message: string;
}

/** Checks a JSON value with templates against the schema that its evaluated form must have. */
export function checkTemplates(
  value: unknown,
  schema: JsonSchema | undefined,
  expressions: ExpressionCheck,
  path: string,
): FieldIssue[] {
  if (typeof value === 'string') return checkText(value, schema, expressions, path);
  if (Array.isArray(value)) {
    const items = typeof schema?.items === 'object' ? schema.items : undefined;
    const clash = clashOf('list', schema, path);
    return [
      ...clash,
      ...value.flatMap((entry, index) => checkTemplates(entry, items, expressions, `${path}.${index}`)),
    ];
  }
  if (typeof value === 'object' && value !== null) return checkObject(value, schema, expressions, path);
  return clashOf(typeName(value), schema, path);
}

/** The CEL type that a template will have; `dyn` where it can't be known. */
export function typeOfTemplate(value: unknown, expressions: ExpressionCheck): string {
  if (typeof value !== 'string') return typeName(value);
  const found = expressionsOf(value);
  if ('error' in found || !found.isPure) return 'string';
  const [expression] = found.expressions;
  if (expression === undefined) return 'string';
  const checked = expressions.check(expression);
  return 'error' in checked || /Object\d/.test(checked.type)
    ? 'dyn'
    : checked.type.replace(/\bint\b/, 'double');
}

function checkText(
  text: string,
  schema: JsonSchema | undefined,
  expressions: ExpressionCheck,
  path: string,
): FieldIssue[] {
  const found = expressionsOf(text);
  if ('error' in found) return [{ path, message: found.error }];
  const checked = found.expressions.map((expression) => ({
    expression,
    result: expressions.check(expression),
  }));
  const issues = checked.flatMap(({ expression, result }) =>
    'error' in result ? [{ path, message: `{{ ${expression} }}: ${result.error}` }] : [],
  );
  if (issues.length > 0) return issues;
  const [only] = checked;
  if (found.isPure && only && 'type' in only.result) return clashOf(only.result.type, schema, path);
  if (only) return clashOf('string', schema, path);
  return literalIssues(text, schema, path);
}

function checkObject(
  value: object,
  schema: JsonSchema | undefined,
  expressions: ExpressionCheck,
  path: string,
): FieldIssue[] {
  const clash = clashOf('map', schema, path);
  const objects = objectsIn(schema);
  const fitting = objects.filter((object) => fitsConstants(value, object));
  const candidates = fitting.length > 0 ? fitting : objects.slice(0, 1);
  const found = candidates.map((object) => checkFields(value, object, expressions, path));
  // Of several forms that it may have, the one that it comes closest to.
  const [closest] = found.sort((one, other) => one.length - other.length);
  return [...clash, ...(closest ?? checkFields(value, undefined, expressions, path))];
}

function checkFields(
  value: object,
  schema: JsonSchema | undefined,
  expressions: ExpressionCheck,
  path: string,
): FieldIssue[] {
  const issues: FieldIssue[] = [];
  const properties = schema?.properties;
  for (const [key, entry] of Object.entries(value)) {
    const field = properties?.[key];
    if (properties && !field && !isOpen(schema)) {
      issues.push({
        path: `${path}.${key}`,
        message: `is not a field here; known: ${Object.keys(properties).join(', ')}`,
      });
    }
    issues.push(...checkTemplates(entry, field, expressions, `${path}.${key}`));
  }
  for (const key of schema?.required ?? []) {
    if (!Object.hasOwn(value, key)) issues.push({ path: `${path}.${key}`, message: 'is required' });
  }
  return issues;
}

/** True unless a field that can be one thing only, as what tells forms apart, is another. */
function fitsConstants(value: object, { properties = {} }: JsonSchema): boolean {
  return Object.entries(properties).every(([key, { const: constant }]) => {
    const given: unknown = Reflect.get(value, key);
    return constant === undefined || given === constant || (typeof given === 'string' && isTemplate(given));
  });
}

function literalIssues(text: string, schema: JsonSchema | undefined, path: string): FieldIssue[] {
  if (schema?.enum && !schema.enum.includes(text)) {
    return [{ path, message: `must be one of ${schema.enum.join(', ')}` }];
  }
  return clashOf('string', schema, path);
}

function clashOf(type: string, schema: JsonSchema | undefined, path: string): FieldIssue[] {
  if (accepts(schema, type)) return [];
  return [{ path, message: `must be ${describe(schema)}, but is ${plainName(type)}` }];
}

function accepts(schema: JsonSchema | undefined, type: string): boolean {
  if (!schema || type === 'dyn' || type.startsWith('optional')) return true;
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return alternatives.some((alternative) => accepts(alternative, type));
  if (schema.type === undefined) return true;
  const types = [schema.type].flat();
  return types.some((wanted) => (wanted === 'integer' ? 'number' : wanted) === plainName(type));
}

function plainName(type: string): string {
  if (type === 'int' || type === 'double' || type === 'uint') return 'number';
  if (type === 'bool') return 'boolean';
  if (type.startsWith('list')) return 'array';
  if (type === 'null' || type === 'null_type') return 'null';
  if (type === 'string' || type === 'bytes' || type.startsWith('google.protobuf')) return 'string';
  return 'object';
}

function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number') return 'double';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  return Array.isArray(value) ? 'list' : 'map';
}

function describe(schema: JsonSchema | undefined): string {
  const alternatives = schema?.anyOf ?? schema?.oneOf;
  if (alternatives) return alternatives.map(describe).join(' or ');
  return [schema?.type ?? 'anything'].flat().join(' or ');
}

function objectsIn(schema: JsonSchema | undefined): readonly JsonSchema[] {
  const alternatives = schema?.anyOf ?? schema?.oneOf;
  if (alternatives) return alternatives.filter(({ type }) => type === 'object');
  return schema ? [schema] : [];
}

function isOpen(schema: JsonSchema | undefined): boolean {
  return typeof schema?.additionalProperties === 'object' || schema?.additionalProperties === true;
}
