import { z } from 'zod';
import { defaultHandle } from '../plan.js';
import { commonFields, template } from './node-fields.js';
import { defineNodeKind } from './node-kind.js';

const truth = { type: 'boolean' };

/** Goes one of two ways. */
export const ifNode = defineNodeKind({
  schema: z.strictObject({
    ...commonFields,
    type: z.literal('if'),
    input: z.strictObject({ condition: template }),
  }),
  handles: () => ['true', 'false'],
  templates: ({ input }) => [{ field: 'input.condition', value: input.condition, schema: truth }],
  shape: () => ({ fields: { result: 'bool' } }),
  plan: ({ type, input }) => ({ type, condition: input.condition }),
});

/** Goes the way of the first case that holds, else `default`. */
export const switchNode = defineNodeKind({
  schema: z.strictObject({
    ...commonFields,
    type: z.literal('switch'),
    input: z.strictObject({
      cases: z
        .array(z.strictObject({ name: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/), when: template }))
        .min(1)
        .max(50),
    }),
  }),
  handles: ({ input }) => [...input.cases.map(({ name }) => name), defaultHandle],
  templates: ({ input }) =>
    input.cases.map(({ when }, index) => ({
      field: `input.cases.${index}.when`,
      value: when,
      schema: truth,
    })),
  issues: ({ input }) =>
    input.cases.flatMap(({ name }, index) => {
      if (name === defaultHandle)
        return [{ path: `input.cases.${index}.name`, message: 'is the way of no case' }];
      const isRepeated = input.cases.findIndex((entry) => entry.name === name) < index;
      return isRepeated ? [{ path: `input.cases.${index}.name`, message: 'is used by another case' }] : [];
    }),
  shape: () => ({ fields: { case: 'string' } }),
  plan: ({ type, input }) => ({ type, cases: input.cases }),
});

/** Brings branches together. */
export const join = defineNodeKind({
  schema: z.strictObject({
    ...commonFields,
    type: z.literal('join'),
    /** `all` needs every branch, `any` waits for all that come and needs one, `first` goes on with the first. */
    input: z.strictObject({ mode: z.enum(['all', 'any', 'first']) }),
  }),
  handles: () => [defaultHandle],
  templates: () => [],
  plan: ({ type, input }, { leadingOnlyHere }) => ({
    type,
    mode: input.mode,
    /** Nodes that lead nowhere else: with `first`, those still at work when one arrives are cancelled. */
    losers: input.mode === 'first' ? leadingOnlyHere() : [],
  }),
});
