import { createEnvironment } from '../expression/environment.js';
import type { JsonSchema } from '../expression/json-schema-types.js';
import { pathOf } from '../expression/paths.js';
import { expressionsOf } from './expression-check.js';
import type { StepShape } from './visible-scope.js';

/** What is known of an item of a list, where the list is named by its path; undefined where it is computed. */
export function itemSchemaOf(
  template: unknown,
  known: { trigger: JsonSchema; steps: ReadonlyMap<string, StepShape> },
): JsonSchema | undefined {
  const path = pathOfTemplate(template);
  const [root, ...rest] = path ?? [];
  if (root === 'trigger') return itemsOf(follow(known.trigger, rest));
  const [id, part, ...fields] = rest;
  const shape = root === 'steps' && id !== undefined && part === 'output' ? known.steps.get(id) : undefined;
  if (typeof shape !== 'object' || !('schema' in shape)) return undefined;
  return itemsOf(follow(shape.schema, fields));
}

function pathOfTemplate(template: unknown): string[] | undefined {
  if (typeof template !== 'string') return undefined;
  const found = expressionsOf(template);
  if ('error' in found || !found.isPure) return undefined;
  const [expression = ''] = found.expressions;
  try {
    return pathOf(createEnvironment().parse(expression).ast);
  } catch {
    // What can't be parsed is told where the expression itself is checked.
    return undefined;
  }
}

function follow(schema: JsonSchema, path: readonly string[]): JsonSchema | undefined {
  let place: JsonSchema | undefined = schema;
  for (const key of path) place = place?.properties?.[key];
  return place;
}

function itemsOf(schema: JsonSchema | undefined): JsonSchema | undefined {
  return typeof schema?.items === 'object' ? schema.items : undefined;
}
