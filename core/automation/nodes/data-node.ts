import type { z } from 'zod';
import type { JsonSchema } from '../../expression/json-schema-types.js';
import type { DataOperation } from '../data/data-operation.js';
import { defaultHandle } from '../plan.js';
import type { FieldIssue } from '../template-check.js';
import { defineNodeKind, type NodeKind, type NodeTemplate } from './node-kind.js';

/** What is special about one kind of data node. */
interface DataNode<Schema extends z.ZodType> {
  schema: Schema;
  templates(node: z.output<Schema>): readonly NodeTemplate[];
  issues?(node: z.output<Schema>): readonly FieldIssue[];
  /** What is known of an item of its output. */
  item?(node: z.output<Schema>, itemOf: (list: unknown) => JsonSchema | undefined): JsonSchema | undefined;
  operation(node: z.output<Schema>): DataOperation;
}

/** A kind of node that makes lists of lists: it calls nothing, and its output is `{ items, count }`. */
export function defineDataNode<Schema extends z.ZodType>(
  data: DataNode<Schema>,
): NodeKind<Schema, { type: 'data'; operation: DataOperation }> {
  const { schema, templates, issues, item, operation } = data;
  return defineNodeKind({
    schema,
    handles: () => [defaultHandle],
    templates,
    ...(issues && { issues }),
    shape: (node, _known, _check, itemOf) => {
      const items = item?.(node, itemOf);
      return {
        schema: {
          type: 'object',
          properties: { items: { type: 'array', ...(items && { items }) }, count: { type: 'number' } },
        },
      };
    },
    plan: (node) => ({ type: 'data' as const, operation: operation(node) }),
  });
}

/** A field that is a list. */
export function listField(field: string, value: unknown): NodeTemplate {
  return { field, value, schema: { type: 'array' } };
}

/** A field that is evaluated for each item of a list. */
export function itemField(field: string, value: unknown, items: unknown, type?: string): NodeTemplate {
  return { field, value, schema: type === undefined ? undefined : { type }, place: 'item', items };
}

/** What is wrong with names that templates can't read as fields. */
export function nameIssues(path: string, names: readonly string[]): FieldIssue[] {
  return names
    .filter((name) => name === '' || name.length > 200)
    .map((name) => ({ path: `${path}.${name}`, message: 'must have 1 to 200 characters' }));
}
