import { z } from 'zod';
import type { ActionDescription } from '#core/action.js';
import { JsonSchema, toJsonSchema } from './json-schema.js';

const verbs = ['list', 'get', 'create', 'update', 'delete', 'restore'] as const;

const Operation = z.object({
  action: z.string(),
  title: z.string(),
  method: z.enum(['get', 'post', 'put', 'patch', 'delete']),
  path: z.string().describe('Below /v1; `:name` segments are fields of the input'),
  permission: z.string(),
  input: JsonSchema,
});

/** What screens know of a resource: enough to list, filter, sort, search, show and edit its rows. */
export const Resource = z.object({
  name: z.string().describe('Plural, as in the names of its actions'),
  title: z.string(),
  description: z.string(),
  module: z.string().nullable().describe('The flag that it is gone with'),
  topic: z.string().nullable().describe('What the types of its events begin with'),
  operations: z.partialRecord(z.enum(verbs), Operation),
  item: JsonSchema.describe('Of one row'),
  filters: z.record(z.string(), JsonSchema).describe('By the name of the field in the input of list'),
  sorts: z.array(z.string()).describe('With - in front: greatest first'),
  defaultSort: z.string().nullable(),
  isSearchable: z.boolean(),
});

type Operations = z.output<typeof Resource>['operations'];
type Actions = ReadonlyMap<string, ActionDescription>;

/** Fields of the input of every list. */
const pageFields = new Set(['limit', 'cursor', 'sort', 'q', 'deleted']);

/** The names of all resources: whatever has a list of items that is served. */
export function resourceNames(actions: Actions): string[] {
  return [...actions.values()]
    .filter((action) => action.name.endsWith('.list') && itemOf(action) !== undefined)
    .map(({ name }) => name.slice(0, -'.list'.length))
    .sort();
}

/** Describes a resource by its actions. Undefined if there is none of that name. */
export function describeResource(actions: Actions, name: string): z.output<typeof Resource> | undefined {
  const list = actions.get(`${name}.list`);
  const item = list && itemOf(list);
  if (!list || !item) return undefined;
  const fields = propertiesOf(list.input);
  const { enum: sorts, default: defaultSort } = Sorts.parse(fields.sort ?? {});
  return {
    name,
    title: titleOf(name),
    description: list.description,
    module: list.module ?? null,
    topic: topicOf(actions, name),
    operations: operationsOf(actions, name),
    item: toJsonSchema(item, 'output'),
    filters: Object.fromEntries(Object.entries(fields).filter(([field]) => !pageFields.has(field))),
    sorts,
    defaultSort,
    isSearchable: 'q' in fields,
  };
}

const Sorts = z.object({
  enum: z.array(z.string()).default([]),
  default: z.string().nullable().default(null),
});

const Properties = z.object({
  properties: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});

function operationsOf(actions: Actions, name: string): Operations {
  const found: Operations = {};
  for (const verb of verbs) {
    const action = actions.get(`${name}.${verb}`);
    if (!action?.http) continue;
    const { title, permission, input, http } = action;
    found[verb] = {
      action: action.name,
      title,
      method: http.method,
      path: http.path,
      permission,
      input: toJsonSchema(input, 'input'),
    };
  }
  return found;
}

/** The schema of one item, where the action gives a page of them. */
function itemOf({ http, output }: ActionDescription): z.ZodType | undefined {
  if (!http || !(output instanceof z.ZodObject)) return undefined;
  const items: unknown = output.shape.items;
  if (!(items instanceof z.ZodArray)) return undefined;
  return items.element instanceof z.ZodObject ? items.element : undefined;
}

function topicOf(actions: Actions, name: string): string | null {
  const emitted = verbs.flatMap((verb) => actions.get(`${name}.${verb}`)?.emits ?? []);
  return emitted[0]?.split('.')[0] ?? null;
}

function propertiesOf(schema: z.ZodType): Record<string, Record<string, unknown>> {
  return Properties.parse(toJsonSchema(schema, 'input')).properties;
}

function titleOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
