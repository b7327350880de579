import { z } from 'zod';
import type { TriggerDescription } from '../../catalogue.js';
import { exampleOfSchema } from './example-of-schema.js';
import { InputSchema, schemaOfInput } from './input-schema.js';

export const ManualTriggerInput = z.strictObject({
  /** What has to be given, as JSON Schema. Anything unless given. */
  inputSchema: InputSchema.optional(),
});

/** People start it, or another automation; what they give is what `trigger` holds. */
export const manual: TriggerDescription = {
  name: 'manual',
  title: 'Started by hand',
  input: ManualTriggerInput,
  output: z.looseObject({}),
  sample(input, nowMs) {
    const inputSchema = ManualTriggerInput.safeParse(input).data?.inputSchema;
    return inputSchema === undefined ? {} : exampleOfSchema(inputSchema, nowMs);
  },
  takesAnswer: true,
  describe(input) {
    const inputSchema = ManualTriggerInput.safeParse(input).data?.inputSchema;
    return inputSchema === undefined ? {} : { output: schemaOfInput(inputSchema) };
  },
};
