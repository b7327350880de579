import { z } from 'zod';
import type { TriggerDescription } from '../../catalogue.js';
import { exampleOfSchema } from './example-of-schema.js';
import { InputSchema, schemaOfInput } from './input-schema.js';

export const ApiTriggerInput = z.strictObject({
  /** What callers have to give, as JSON Schema. Anything unless given. */
  inputSchema: InputSchema.optional(),
});

/** Callers of the API start it; what they give is what `trigger` holds. */
export const api: TriggerDescription = {
  name: 'api',
  title: 'Called over the API',
  input: ApiTriggerInput,
  output: z.looseObject({}),
  sample(input, nowMs) {
    const inputSchema = ApiTriggerInput.safeParse(input).data?.inputSchema;
    return inputSchema === undefined ? {} : exampleOfSchema(inputSchema, nowMs);
  },
  takesAnswer: true,
  describe(input) {
    const inputSchema = ApiTriggerInput.safeParse(input).data?.inputSchema;
    return inputSchema === undefined ? {} : { output: schemaOfInput(inputSchema) };
  },
};
