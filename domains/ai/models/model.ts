import { z } from 'zod';
import { ModelFacts } from '#core/ai/model.js';
import { titleField } from '#runtime/resource/text-field.js';

/** Which model, as callers name it. */
export const modelName = {
  provider: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,63}$/)
    .describe('Name of the connector: openai, anthropic …'),
  model: titleField(200).describe("The provider's name for it"),
};

/** A model as callers see it. */
export const ModelEntry = z.object({
  provider: z.string(),
  model: z.string(),
  ...ModelFacts.shape,
  isOwn: z.boolean().describe('The organization has entered these facts itself'),
  isKnown: z.boolean().describe('There are facts that hold where the organization has entered none'),
  connections: z
    .array(z.object({ id: z.uuid().nullable().describe('Null: by the platform'), name: z.string() }))
    .describe('By which it can be asked now'),
});

export type ModelEntry = z.output<typeof ModelEntry>;
