import type { Environment } from '@marcbachmann/cel-js';
import { z } from 'zod';

/** The part of JSON Schema that zod writes and that types are made of. */
export interface JsonSchema {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  $ref?: string;
}

/** A zod schema as JSON Schema; what can't be written becomes "anything". */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema;
}

/** Declares the types of one environment; nested objects get names of their own. */
export function createTypeRegistry(environment: Environment, prefix = 'Object') {
  let count = 0;

  function typeOf(schema: JsonSchema | boolean | undefined): string {
    if (schema === undefined || typeof schema === 'boolean') return 'dyn';
    const alternatives = schema.anyOf ?? schema.oneOf;
    if (alternatives) return typeOfAlternatives(alternatives);
    if (schema.type === 'string') return 'string';
    if (schema.type === 'number' || schema.type === 'integer') return 'double';
    if (schema.type === 'boolean') return 'bool';
    if (schema.type === 'array') return `list<${typeOf(schema.items)}>`;
    if (schema.type === 'object') return typeOfObject(schema);
    return 'dyn';
  }

  function typeOfAlternatives(alternatives: readonly JsonSchema[]): string {
    const present = alternatives.filter((alternative) => alternative.type !== 'null');
    const [only] = present;
    // A list or object that may be null keeps its shape; a text or number that may be null could be anything.
    if (present.length === 1 && (only?.type === 'object' || only?.type === 'array')) return typeOf(only);
    return 'dyn';
  }

  function typeOfObject(schema: JsonSchema): string {
    const fields = Object.entries(schema.properties ?? {});
    if (fields.length === 0) {
      const rest = schema.additionalProperties;
      return typeof rest === 'object' ? `map<string, ${typeOf(rest)}>` : 'map<string, dyn>';
    }
    return declare(Object.fromEntries(fields.map(([name, field]) => [name, typeOf(field)])));
  }

  /** Registers an object type; returns its name. */
  function declare(fields: Record<string, string>): string {
    count += 1;
    const name = `${prefix}${count}`;
    if (Object.keys(fields).length === 0) return 'map<string, dyn>';
    environment.registerType(name, { ctor: Shape, fields });
    return name;
  }

  return { typeOf, declare };
}

/** Stands for the values of all types: with it cel-js does not make a class for each, which only evaluation needs. */
class Shape {}
