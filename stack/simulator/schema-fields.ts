import { z } from 'zod';
import type { JsonSchema } from './conversation.js';

const Fields = z.record(z.string(), z.unknown());
const Names = z.array(z.string());

export interface SchemaField {
  name: string;
  schema: JsonSchema;
  isRequired: boolean;
}

/** The fields of an object's schema, in their order; none for any other schema. */
export function fieldsOf(schema: JsonSchema): SchemaField[] {
  const { properties, required } = withoutNull(schema);
  const needed = Names.safeParse(required).data ?? [];
  const fields = Fields.safeParse(properties).data ?? {};
  return Object.entries(fields).map(([name, field]) => ({
    name,
    schema: schemaOf(field),
    isRequired: needed.includes(name),
  }));
}

/** The schema of a list's items. */
export function itemsOf(schema: JsonSchema): JsonSchema {
  return schemaOf(withoutNull(schema).items);
}

/** `string`, `number`, `integer`, `boolean`, `array`, `object`, or `null`; the first that is not null. */
export function typeOf(schema: JsonSchema): string {
  const given = withoutNull(schema);
  const { type } = given;
  if (typeof type === 'string') return type;
  const several = Names.safeParse(type).data;
  if (several) return several.find((one) => one !== 'null') ?? 'null';
  if (given.properties) return 'object';
  return given.items ? 'array' : 'string';
}

/** The texts that are allowed, where a schema lists them. */
export function choicesOf(schema: JsonSchema): string[] {
  const { enum: choices, const: only } = withoutNull(schema);
  return (Array.isArray(choices) ? choices : [only]).filter((choice) => typeof choice === 'string');
}

export function isNullable({ type, anyOf, oneOf }: JsonSchema): boolean {
  const alternatives = [anyOf, oneOf].flatMap((list) => (Array.isArray(list) ? list.map(schemaOf) : []));
  return (Array.isArray(type) && type.includes('null')) || alternatives.some((one) => one.type === 'null');
}

export function descriptionOf({ description }: JsonSchema): string {
  return typeof description === 'string' ? description : '';
}

/** The smallest value that a schema allows: required fields only, texts made of their names. */
export function leastValue(schema: JsonSchema, name = 'text', depth = 0): unknown {
  const { const: only, format, minimum, minItems } = withoutNull(schema);
  if (only !== undefined) return only;
  const [choice] = choicesOf(schema);
  if (choice !== undefined) return choice;
  switch (depth > 20 ? 'null' : typeOf(schema)) {
    case 'object': {
      const needed = fieldsOf(schema).filter(({ isRequired }) => isRequired);
      return Object.fromEntries(
        needed.map((field) => [field.name, leastValue(field.schema, field.name, depth + 1)]),
      );
    }
    case 'array':
      return Array.from({ length: Number(minItems ?? 0) }, () =>
        leastValue(itemsOf(schema), name, depth + 1),
      );
    case 'number':
    case 'integer':
      return typeof minimum === 'number' ? minimum : 1;
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return textOfFormat(typeof format === 'string' ? format : '', name);
  }
}

function textOfFormat(format: string, name: string): string {
  const texts: Record<string, string> = {
    'date-time': '2030-01-01T00:00:00Z',
    date: '2030-01-01',
    email: 'someone@example.com',
    uri: 'https://example.com/',
    uuid: '0b0f6c4e-8f1d-4c52-9a37-5d2e61c7a904',
  };
  return texts[format] ?? name;
}

/** The first alternative that is not null, with what stands beside the alternatives. */
function withoutNull(schema: JsonSchema): JsonSchema {
  const { anyOf, oneOf, ...rest } = schema;
  const alternatives = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : [];
  const chosen = alternatives.map(schemaOf).find(({ type }) => type !== 'null');
  return chosen ? { ...rest, ...chosen } : schema;
}

function schemaOf(value: unknown): JsonSchema {
  return Fields.safeParse(value).data ?? {};
}
