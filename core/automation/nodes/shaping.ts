import { z } from 'zod';
import { aggregateFunctions } from '../data/data-operation.js';
import { defineDataNode, itemField, listField, nameIssues } from './data-node.js';
import { commonFields, template, templateRecord } from './node-fields.js';

/** Makes an object of each item, with the fields that are named: picks, renames, computes. */
export const pick = defineDataNode({
  schema: z.strictObject({
    ...commonFields,
    type: z.literal('pick'),
    input: z.strictObject({ items: template, fields: templateRecord }),
  }),
  templates: ({ input }) => [
    listField('input.items', input.items),
    itemField('input.fields', input.fields, input.items),
  ],
  issues: ({ input }) => nameIssues('input.fields', Object.keys(input.fields)),
  item: ({ input }) => ({
    type: 'object',
    properties: Object.fromEntries(Object.keys(input.fields).map((name) => [name, {}])),
  }),
  operation: ({ type, input }) => ({ name: type, ...input }),
});

/** Makes batches of a list: its items are lists. */
export const split = defineDataNode({
  schema: z.strictObject({
    ...commonFields,
    type: z.literal('split'),
    input: z.strictObject({ items: template, size: template }),
  }),
  templates: ({ input }) => [
    listField('input.items', input.items),
    { field: 'input.size', value: input.size, schema: { type: 'integer' } },
  ],
  item: ({ input }, itemOf) => {
    const items = itemOf(input.items);
    return { type: 'array', ...(items && { items }) };
  },
  operation: ({ type, input }) => ({ name: type, ...input }),
});

/** Counts, adds up and collects, for the whole list or for each group in it. */
export const aggregate = defineDataNode({
  schema: z.strictObject({
    ...commonFields,
    type: z.literal('aggregate'),
    input: z.strictObject({
      items: template,
      /** Field of the output to what is alike for all items of a group. */
      groupBy: templateRecord.default({}),
      values: z.record(
        z.string(),
        z.strictObject({ function: z.enum(aggregateFunctions), of: template.optional() }),
      ),
    }),
  }),
  templates: ({ input }) => [
    listField('input.items', input.items),
    itemField('input.groupBy', input.groupBy, input.items),
    ...Object.entries(input.values).map(([name, value]) =>
      itemField(
        `input.values.${name}.of`,
        value.of,
        input.items,
        value.function === 'sum' || value.function === 'avg' ? 'number' : undefined,
      ),
    ),
  ],
  issues: ({ input }) => [
    ...nameIssues('input.groupBy', Object.keys(input.groupBy)),
    ...nameIssues('input.values', Object.keys(input.values)),
    ...Object.entries(input.values).flatMap(([name, value]) => {
      const issues = [];
      if (Object.hasOwn(input.groupBy, name))
        issues.push({ path: `input.values.${name}`, message: 'is the name of a key of the groups' });
      if (value.of === undefined && (value.function === 'sum' || value.function === 'avg'))
        issues.push({ path: `input.values.${name}.of`, message: `is required for ${value.function}` });
      return issues;
    }),
  ],
  item: ({ input }) => ({
    type: 'object',
    properties: Object.fromEntries(
      [...Object.keys(input.groupBy), ...Object.keys(input.values)].map((name) => [name, {}]),
    ),
  }),
  operation: ({ type, input }) => ({ name: type, ...input }),
});

/** Makes one list of two: one behind the other, or joined by what their items have in common. */
export const merge = defineDataNode({
  schema: z.strictObject({
    ...commonFields,
    type: z.literal('merge'),
    input: z.strictObject({
      left: template,
      right: template,
      mode: z.enum(['inner', 'left', 'outer', 'append']),
      by: template.optional(),
      rightBy: template.optional(),
      prefix: z.string().min(1).max(50).optional(),
    }),
  }),
  templates: ({ input }) => [
    listField('input.left', input.left),
    listField('input.right', input.right),
    itemField('input.by', input.by, input.left),
    input.rightBy === undefined
      ? itemField('input.by', input.by, input.right)
      : itemField('input.rightBy', input.rightBy, input.right),
  ],
  issues: ({ input }) => {
    if (input.mode !== 'append')
      return input.by === undefined ? [{ path: 'input.by', message: `is required for ${input.mode}` }] : [];
    return (['by', 'rightBy', 'prefix'] as const)
      .filter((field) => input[field] !== undefined)
      .map((field) => ({ path: `input.${field}`, message: 'has no meaning with append' }));
  },
  operation: ({ type, input }) => ({ name: type, ...input }),
});
