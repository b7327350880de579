import { z } from 'zod';

/** A JSON Schema (draft 2020-12), or a part of one. */
export type JsonSchema = Record<string, unknown>;

/** Converts a zod schema; what JSON Schema cannot say becomes `{}`. */
export function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const converted: unknown = JSON.parse(
    JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any' })),
  );
  const { $schema: _dialect, ...rest } = asObject(converted);
  return rest;
}

/** Names of the fields that an object schema takes. */
export function inputFields(schema: z.ZodType): Set<string> {
  const { $defs, ...root } = toJsonSchema(schema, 'input');
  const name = typeof root.$ref === 'string' ? root.$ref.split('/').at(-1) : undefined;
  const target = name === undefined ? root : asObject(asObject($defs)[name]);
  return new Set(Object.keys(asObject(target.properties)));
}

/** A value as an object of fields; empty if it is something else. */
export function asObject(value: unknown): JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** A value as a list; empty if it is something else. */
export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
