import { z } from 'zod';
import { bodyHandle, doneHandle } from '../loops.js';
import { commonFields, template } from './node-fields.js';
import { defineNodeKind } from './node-kind.js';

/** Does its body once for each item of a list. */
export const loop = defineNodeKind({
  schema: z.strictObject({
    ...commonFields,
    type: z.literal('loop'),
    input: z.strictObject({
      items: template,
      /** What the loop's output holds of each item, evaluated at the end of its body; nothing unless given. */
      result: template.optional(),
    }),
    /** How many items are worked on at a time. */
    concurrency: z.int().min(1).max(50).default(1),
    /** `stop` ends the loop at the first item that fails; `continue` leaves its result out; `collect` lists its error. */
    onItemError: z.enum(['stop', 'continue', 'collect']).default('stop'),
  }),
  handles: () => [bodyHandle, doneHandle],
  templates: ({ input }) => [
    { field: 'input.items', value: input.items, schema: { type: 'array' } },
    { field: 'input.result', value: input.result, schema: undefined, place: 'body' },
  ],
  shape: () => ({
    fields: {
      count: 'double',
      succeeded: 'double',
      failed: 'double',
      results: 'list<dyn>',
      errors: 'list<dyn>',
    },
  }),
  isHeavy: true,
  hasBody: true,
  isParallel: ({ concurrency }) => concurrency > 1,
  plan: ({ type, input, concurrency, onItemError }) => ({
    type,
    items: input.items,
    result: input.result,
    concurrency,
    onItemError,
  }),
});

/** Does its body again and again while a condition holds, which may read the steps of the round before. */
export const whileNode = defineNodeKind({
  schema: z.strictObject({
    ...commonFields,
    type: z.literal('while'),
    input: z.strictObject({ condition: template }),
    /** Rounds after which the run fails. */
    maxRounds: z.int().min(1).max(10_000).default(100),
  }),
  handles: () => [bodyHandle, doneHandle],
  templates: ({ input }) => [
    { field: 'input.condition', value: input.condition, schema: { type: 'boolean' }, place: 'body' },
  ],
  shape: () => ({ fields: { count: 'double' } }),
  isHeavy: true,
  hasBody: true,
  plan: ({ type, input, maxRounds }) => ({ type, condition: input.condition, maxRounds }),
});
