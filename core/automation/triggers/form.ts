import { z } from 'zod';
import type { TriggerDescription } from '../../catalogue.js';
import { exampleOfField } from './example-of-field.js';
import { FormField, valueOfField } from './form-fields.js';

export const FormTriggerInput = z.strictObject({
  title: z.string().trim().min(1).max(200),
  /** Paragraphs, with an empty line between them. */
  description: z.string().max(5_000).default(''),
  fields: z
    .array(FormField)
    .min(1)
    .max(100)
    .superRefine((fields, context) => {
      for (const [index, { key }] of fields.entries()) {
        if (fields.findIndex((field) => field.key === key) === index) continue;
        context.addIssue({ code: 'custom', path: [index, 'key'], message: 'is used by another field' });
      }
    }),
  /** What the person sees who has sent it. */
  afterwards: z
    .union([
      z.strictObject({ text: z.string().trim().min(1).max(2_000) }),
      z.strictObject({ redirect: z.url({ protocol: /^https$/, error: 'must be an address with https' }) }),
    ])
    .default({ text: 'Thank you. Your answers have been sent.' }),
});

export type FormTriggerInput = z.output<typeof FormTriggerInput>;

/** What `trigger` holds of a form with these fields. */
export function formOutput(fields: readonly FormField[]): z.ZodType {
  return z.object({
    fields: z.object(Object.fromEntries(fields.map((field) => [field.key, valueOfField(field)]))),
    submittedAt: z.string(),
  });
}

/** A page with fields, which anyone fills in who knows its address. */
export const form: TriggerDescription = {
  name: 'form',
  title: 'Form',
  input: FormTriggerInput,
  output: z.object({ fields: z.record(z.string(), z.unknown()), submittedAt: z.string() }),
  sample(input, nowMs) {
    const fields = FormTriggerInput.safeParse(input).data?.fields ?? [];
    return {
      fields: Object.fromEntries(fields.map((field) => [field.key, exampleOfField(field, nowMs)])),
      submittedAt: new Date(nowMs).toISOString(),
    };
  },
  describe(input) {
    const known = FormTriggerInput.safeParse(input).data;
    return known ? { output: formOutput(known.fields) } : {};
  },
};
