import { z } from 'zod';
import type { TriggerDescription } from '../../catalogue.js';
import { exampleOfSchema } from './example-of-schema.js';
import { InputSchema, schemaOfInput } from './input-schema.js';

const GivenInput = z.strictObject({
  /** What has to be given, as JSON Schema. Anything unless given. */
  inputSchema: InputSchema.optional(),
});

/** The schema of what has to be given, by the trigger's input; undefined: anything. */
export function givenSchema(input: unknown): InputSchema | undefined {
  return GivenInput.safeParse(input).data?.inputSchema;
}

/** Of a trigger for which whoever starts a run gives what `trigger` holds. */
export const givenInput = {
  input: GivenInput,
  output: z.looseObject({}),
  sample(input, nowMs) {
    const schema = givenSchema(input);
    return schema === undefined ? {} : exampleOfSchema(schema, nowMs);
  },
  takesAnswer: true,
  describe(input) {
    const schema = givenSchema(input);
    return schema === undefined ? {} : { output: schemaOfInput(schema) };
  },
} satisfies Partial<TriggerDescription>;
