import { z } from 'zod';
import { defaultHandle } from '../plan.js';
import { typeOfTemplate } from '../template-check.js';
import { commonFields, template, templateRecord } from './node-fields.js';
import { defineNodeKind } from './node-kind.js';

/** Computes values. */
export const set = defineNodeKind({
  schema: z.strictObject({
    ...commonFields,
    type: z.literal('set'),
    input: z.strictObject({ values: templateRecord }),
  }),
  handles: () => [defaultHandle],
  templates: ({ input }) => [{ field: 'input.values', value: input.values, schema: undefined }],
  shape: ({ input }, _known, check) => {
    const fields = Object.entries(input.values).map(([key, value]) => [key, typeOfTemplate(value, check)]);
    return { fields: Object.fromEntries(fields) };
  },
  plan: ({ type, input }) => ({ type, values: input.values as unknown }),
});

/** Ends the run. */
export const stop = defineNodeKind({
  schema: z.strictObject({
    ...commonFields,
    type: z.literal('stop'),
    input: z
      .strictObject({
        status: z.enum(['succeeded', 'failed']).default('succeeded'),
        message: template.optional(),
        output: template.optional(),
      })
      .default({ status: 'succeeded' }),
  }),
  handles: () => [],
  templates: ({ input }, { outputSchema }) => [
    { field: 'input.message', value: input.message, schema: { type: 'string' } },
    {
      field: 'input.output',
      value: input.output,
      schema: input.status === 'succeeded' ? outputSchema : undefined,
    },
  ],
  issues: ({ input }, { outputSchema }) => {
    const isMissing = outputSchema && input.status === 'succeeded' && input.output === undefined;
    return isMissing ? [{ path: 'input.output', message: 'is needed: settings.outputSchema says so' }] : [];
  },
  plan: ({ type, input }) => ({
    type,
    status: input.status,
    message: input.message,
    output: input.output,
  }),
});
