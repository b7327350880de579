import { z } from 'zod';
import { defineDataNode, itemField, listField } from './data-node.js';
import { commonFields, template } from './node-fields.js';

const wholeNumber = { type: 'integer' };

/** Keeps the items for which a condition holds. */
export const filter = defineDataNode({
  schema: z.strictObject({
    ...commonFields,
    type: z.literal('filter'),
    input: z.strictObject({ items: template, keep: template }),
  }),
  templates: ({ input }) => [
    listField('input.items', input.items),
    itemField('input.keep', input.keep, input.items, 'boolean'),
  ],
  item: ({ input }, itemOf) => itemOf(input.items),
  operation: ({ type, input }) => ({ name: type, ...input }),
});

/** Puts items in order, by the first key, then by the next. */
export const sort = defineDataNode({
  schema: z.strictObject({
    ...commonFields,
    type: z.literal('sort'),
    input: z.strictObject({
      items: template,
      by: z
        .array(
          z.strictObject({
            key: template,
            direction: z.enum(['ascending', 'descending']).default('ascending'),
          }),
        )
        .min(1)
        .max(10),
    }),
  }),
  templates: ({ input }) => [
    listField('input.items', input.items),
    ...input.by.map(({ key }, index) => itemField(`input.by.${index}.key`, key, input.items)),
  ],
  item: ({ input }, itemOf) => itemOf(input.items),
  operation: ({ type, input }) => ({ name: type, ...input }),
});

/** Takes some items from the start or the end of a list. */
export const limit = defineDataNode({
  schema: z.strictObject({
    ...commonFields,
    type: z.literal('limit'),
    input: z.strictObject({
      items: template,
      count: template,
      /** How many items before the first that is taken; with `end` behind the last. */
      offset: template.default(0),
      from: z.enum(['start', 'end']).default('start'),
    }),
  }),
  templates: ({ input }) => [
    listField('input.items', input.items),
    { field: 'input.count', value: input.count, schema: wholeNumber },
    { field: 'input.offset', value: input.offset, schema: wholeNumber },
  ],
  item: ({ input }, itemOf) => itemOf(input.items),
  operation: ({ type, input }) => ({ name: type, ...input }),
});

/** Keeps one item of each key. */
export const dedupe = defineDataNode({
  schema: z.strictObject({
    ...commonFields,
    type: z.literal('dedupe'),
    input: z.strictObject({
      items: template,
      by: template.default('{{ item }}'),
      keep: z.enum(['first', 'last']).default('first'),
    }),
  }),
  templates: ({ input }) => [
    listField('input.items', input.items),
    itemField('input.by', input.by, input.items),
  ],
  item: ({ input }, itemOf) => itemOf(input.items),
  operation: ({ type, input }) => ({ name: type, ...input }),
});
