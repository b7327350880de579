import type { ChoiceSource } from '#core/choices.js';

/** A JSON Schema, as far as forms go by it. */
export interface FormSchema {
  type?: string;
  const?: unknown;
  enum?: readonly unknown[];
  format?: string;
  title?: string;
  description?: string;
  /** Where its values can be chosen from. */
  choices?: readonly ChoiceSource[];
  default?: unknown;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  properties?: Readonly<Record<string, FormSchema>>;
  required?: readonly string[];
  items?: FormSchema;
  additionalProperties?: FormSchema | boolean;
  anyOf?: readonly FormSchema[];
  oneOf?: readonly FormSchema[];
}

export type FormKind =
  | 'any'
  | 'text'
  | 'long_text'
  | 'number'
  | 'boolean'
  | 'choice'
  | 'chosen'
  | 'chosen_list'
  | 'texts'
  | 'list'
  | 'object'
  | 'record'
  | 'json';

/** The schema without the way to leave the field empty. */
export function unwrapped(schema: FormSchema): FormSchema {
  const choices = schema.anyOf?.filter(({ type }) => type !== 'null');
  const [only] = choices ?? [];
  if (!only || choices?.length !== 1) return schema;
  const { title, description } = schema;
  return {
    ...only,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
  };
}

/** Which control a field gets. */
export function kindOfField(name: string, schema: FormSchema): FormKind {
  const { type, enum: choices, items, properties, additionalProperties } = schema;
  if (choices) return 'choice';
  if (schema.choices) return 'chosen';
  if (items?.choices) return 'chosen_list';
  if (type === 'boolean') return 'boolean';
  if (type === 'number' || type === 'integer') return 'number';
  if (type === 'string') return (schema.maxLength ?? 0) > 1_000 || name === 'source' ? 'long_text' : 'text';
  if (type === 'array' && items?.type === 'string') return 'texts';
  if (type === 'array' && items?.properties) return 'list';
  if (properties) return 'object';
  if (type === 'object' && typeof additionalProperties === 'object') return 'record';
  if (type === undefined && !schema.anyOf && !schema.oneOf) return 'any';
  return 'json';
}

/** `projectId` as `Project`, `onItemError` as `On item error`. */
export function wordsOf(name: string): string {
  const words = name
    .replace(/Id$/, '')
    .replaceAll('_', ' ')
    .replace(/([a-z])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What somebody has typed where anything may stand: JSON if it is a list, object, number or truth, else a text. */
export function readAnything(text: string): unknown {
  if (!/^\s*(\[|\{(?!\{)|-?\d|true\s*$|false\s*$|null\s*$)/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A value as it is typed. */
export function writeAnything(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
