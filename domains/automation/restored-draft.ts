import { z } from 'zod';
import { Automation } from './automation.js';

/** An automation whose draft another one has taken the place of. */
export const RestoredDraft = Automation.extend({
  replacedDraft: z
    .int()
    .nullable()
    .describe('Number of the draft that was there, for `automations.restore_draft`; null if nothing changed'),
});

/** Input field: the version of the row that the caller has seen. */
export const readVersion = z
  .int()
  .min(1)
  .optional()
  .describe('The version of the row that was read; refused if it is no longer that');
