import { z } from 'zod';
import { jsonSize } from '../packed-value.js';

/** The part of JSON Schema by which an example is made: what automations may write, and what zod writes of a schema. */
export interface ExampleSchema {
  type?: string | readonly string[] | undefined;
  const?: unknown;
  examples?: readonly unknown[] | undefined;
  default?: unknown;
  enum?: readonly unknown[] | undefined;
  format?: string | undefined;
  minLength?: number | undefined;
  maxLength?: number | undefined;
  minimum?: number | undefined;
  maximum?: number | undefined;
  exclusiveMinimum?: number | undefined;
  exclusiveMaximum?: number | undefined;
  multipleOf?: number | undefined;
  minItems?: number | undefined;
  maxItems?: number | undefined;
  prefixItems?: readonly (ExampleSchema | boolean)[] | undefined;
  items?: ExampleSchema | boolean | undefined;
  properties?: Readonly<Record<string, ExampleSchema | boolean>> | undefined;
  required?: readonly string[] | undefined;
  additionalProperties?: ExampleSchema | boolean | undefined;
  anyOf?: readonly ExampleSchema[] | undefined;
  oneOf?: readonly ExampleSchema[] | undefined;
}

/** Any id, the same each time. */
export const exampleId = '0b0f6c4e-8f1d-4c52-9a37-5d2e61c7a904';

/** Bytes of JSON from which on lists get no more items and texts no more letters. */
const maxSize = 64 * 1024;
const maxDepth = 20;
/** Bytes of an object or a list without what is in it. */
const emptySize = 2;

/**
 * A value that a JSON Schema allows, with its optional fields as well; the same for the same schema and moment. What the
 * schema tells (`const`, `examples`, `default`, `enum`) goes before what is made up; of alternatives it is the first that
 * is not null. `nowMs` is the moment of dates; texts are made of the names of their fields, or of `name`. Patterns and
 * references are not followed, and a schema can ask for the impossible, or for more than is made: check the value where it
 * has to be allowed.
 */
export function exampleOfSchema(schema: ExampleSchema, nowMs: number, name = 'text'): unknown {
  let left = maxSize;
  return exampleOf(schema, { name, depth: 0 });

  function exampleOf(given: ExampleSchema | boolean | undefined, place: Place): unknown {
    if (typeof given !== 'object' || place.depth > maxDepth) return taken(null);
    const told = toldValues(given);
    if (told.length > 0) return taken(told[0]);
    const wanted = withAlternative(given);
    if (wanted !== given) return exampleOf(wanted, { ...place, depth: place.depth + 1 });
    switch (typeOf(given)) {
      case 'object':
        return objectOf(given, place);
      case 'array':
        return listOf(given, place);
      case 'string':
        return taken(textOf(given, place.name));
      case 'integer':
      case 'number':
        return taken(numberOf(given));
      case 'boolean':
        return taken(true);
      default:
        return taken(null);
    }
  }

  function objectOf({ properties = {}, required = [], additionalProperties }: ExampleSchema, place: Place) {
    take(emptySize);
    const names = new Set([...Object.keys(properties), ...required]);
    const fields = [...names].map((name) => {
      const field = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
      return [name, exampleOf(field, { name, depth: place.depth + 1 })] as const;
    });
    return Object.fromEntries(fields);
  }

  function listOf({ prefixItems = [], items, minItems = 0, maxItems }: ExampleSchema, place: Place) {
    take(emptySize);
    const usual = items === undefined ? prefixItems.length : Math.max(1, prefixItems.length);
    const length = Math.min(Math.max(minItems, usual), maxItems ?? Number.POSITIVE_INFINITY);
    const list: unknown[] = [];
    while (list.length < length && left > 0) {
      list.push(exampleOf(prefixItems[list.length] ?? items, { ...place, depth: place.depth + 1 }));
    }
    return list;
  }

  function textOf({ format = '', minLength = 0, maxLength }: ExampleSchema, name: string): string {
    const formatted = textOfFormat(format, nowMs);
    if (formatted !== undefined) return formatted;
    const text = name.padEnd(Math.min(minLength, Math.max(left, 0)), ` ${name}`);
    return text.slice(0, maxLength);
  }

  function taken<Value>(value: Value): Value {
    take(jsonSize(value));
    return value;
  }

  function take(size: number): void {
    left -= size;
  }
}

/** A value of the type that a zod schema gives. As `exampleOfSchema`. */
export function exampleOfType(schema: z.ZodType, nowMs: number): unknown {
  // Only draft 4 has bounds that are no numbers, and lists of items.
  const written = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }) as ExampleSchema;
  return exampleOfSchema(written, nowMs);
}

interface Place {
  /** Of the field that the value is for; texts are made of it. */
  name: string;
  depth: number;
}

/** Values that the schema itself names, the most telling first. */
function toldValues({ const: only, examples = [], default: usual, enum: choices = [] }: ExampleSchema) {
  return [only, ...examples, usual, ...choices].filter((value) => value !== undefined);
}

/** The schema with its first alternative that is not null in place of them all; itself if it has none. */
function withAlternative(schema: ExampleSchema): ExampleSchema {
  const { anyOf, oneOf, ...rest } = schema;
  const alternatives = anyOf ?? oneOf ?? [];
  const chosen = alternatives.find(({ type }) => type !== 'null') ?? alternatives[0];
  if (!chosen) return schema;
  const properties = { ...rest.properties, ...chosen.properties };
  const required = [...(rest.required ?? []), ...(chosen.required ?? [])];
  return { ...rest, ...chosen, ...(Object.keys(properties).length > 0 && { properties }), required };
}

/** The first type that is not null. Undefined for what may be anything. */
function typeOf({ type, properties, items, prefixItems }: ExampleSchema): string | undefined {
  if (typeof type === 'string') return type;
  if (type) return type.find((one) => one !== 'null') ?? 'null';
  if (properties) return 'object';
  return items || prefixItems ? 'array' : undefined;
}

function textOfFormat(format: string, nowMs: number): string | undefined {
  const now = new Date(nowMs).toISOString();
  const texts: Record<string, string> = {
    'date-time': now,
    date: now.slice(0, 10),
    time: now.slice(11, 19),
    email: 'ada@example.com',
    uri: 'https://example.com/',
    uuid: exampleId,
  };
  return texts[format];
}

/** One, or the number next to the bounds; one again where nothing fits. */
function numberOf({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: ExampleSchema) {
  const lowest = Math.max(minimum ?? Number.NEGATIVE_INFINITY, exclusiveMinimum ?? Number.NEGATIVE_INFINITY);
  const highest = Math.min(maximum ?? Number.POSITIVE_INFINITY, exclusiveMaximum ?? Number.POSITIVE_INFINITY);
  const step = multipleOf ?? 1;
  const isWhole = (value: number, of: number) => Number.isInteger(value / of);
  const fits = (value: number) =>
    Number.isFinite(value) &&
    value >= lowest &&
    value <= highest &&
    value !== exclusiveMinimum &&
    value !== exclusiveMaximum &&
    (multipleOf === undefined || isWhole(value, multipleOf)) &&
    (type === 'number' || isWhole(value, 1));
  const above = Math.ceil(lowest / step) * step;
  const below = Math.floor(highest / step) * step;
  const candidates = [1, above, above + step, below, below - step, (lowest + highest) / 2];
  return candidates.find(fits) ?? 1;
}
