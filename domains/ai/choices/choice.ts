import { z } from 'zod';
import { modelPurposes } from '#core/ai/model.js';
import { titleField } from '#runtime/resource/text-field.js';

/** Models that are asked one after the other, at most. */
export const maxChain = 5;

/** A model, and by which connection it is asked. */
export const ChosenModel = z.strictObject({
  connectionId: z.uuid().nullable().describe("Null: the platform's demo model"),
  model: titleField(200).describe("The provider's name for it"),
});

/** What is chosen for a purpose, as callers see it. */
export const ModelChoices = z.object({
  purpose: z.enum(modelPurposes),
  models: z
    .array(
      z.object({
        connectionId: z.uuid().nullable(),
        connectionName: z.string(),
        provider: z.string(),
        model: z.string(),
        isGone: z.boolean().describe('Its connection is deleted: it is passed over until that is restored'),
      }),
    )
    .describe('The first is asked; where its provider fails, the next one'),
  isDemo: z.boolean().describe('Nothing is chosen, and the demo model answers'),
});
