import { z } from 'zod';

/** Bytes of one file unless the field says, and at most. */
const defaultFileSize = 5 * 1024 * 1024;
export const maxFormFileSize = 10 * 1024 * 1024;

const common = {
  key: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'must start with a letter and hold a–z, 0–9 and _ only'),
  label: z.string().trim().min(1).max(200),
  required: z.boolean().default(false),
  help: z.string().max(1_000).default(''),
};

const lengths = (longest: number, usual: number) =>
  z
    .strictObject({
      minLength: z.int().min(0).max(longest).default(0),
      maxLength: z.int().min(1).max(longest).default(usual),
    })
    .prefault({});

const options = z
  .array(z.string().trim().min(1).max(200))
  .min(1)
  .max(200)
  .refine((all) => new Set(all).size === all.length, 'must differ from each other');

/** One field of a form. */
export const FormField = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, kind: z.literal('text'), limits: lengths(1_000, 1_000) }),
  z.strictObject({ ...common, kind: z.literal('long_text'), limits: lengths(20_000, 20_000) }),
  z.strictObject({ ...common, kind: z.literal('email') }),
  z.strictObject({
    ...common,
    kind: z.literal('number'),
    limits: z
      .strictObject({
        min: z.number().optional(),
        max: z.number().optional(),
        whole: z.boolean().default(false),
      })
      .prefault({}),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('date'),
    limits: z.strictObject({ min: z.iso.date().optional(), max: z.iso.date().optional() }).prefault({}),
  }),
  z.strictObject({ ...common, kind: z.literal('choice'), options }),
  z.strictObject({
    ...common,
    kind: z.literal('choices'),
    options,
    limits: z.strictObject({ max: z.int().min(1).optional() }).prefault({}),
  }),
  z.strictObject({ ...common, kind: z.literal('checkbox') }),
  z.strictObject({
    ...common,
    kind: z.literal('file'),
    limits: z
      .strictObject({
        maxSize: z.int().min(1).max(maxFormFileSize).default(defaultFileSize),
        /** Media types such as `application/pdf` or `image/*`; any unless given. */
        accept: z
          .array(z.string().regex(/^[a-z]+\/([a-z0-9.+-]+|\*)$/, 'must be a media type'))
          .max(20)
          .default([]),
      })
      .prefault({}),
  }),
]);

export type FormField = z.output<typeof FormField>;

/** A file as a run sees it: where it is kept, and what it is. */
export const FileValue = z.object({
  fileName: z.string(),
  contentType: z.string(),
  size: z.int(),
  sha256: z.string(),
});

/** What a field's value must be; its messages are for the person who fills the form in. */
export function valueOfField(field: FormField): z.ZodType {
  if (field.kind === 'checkbox') {
    return field.required ? z.boolean().refine((isSet) => isSet, 'This has to be ticked') : z.boolean();
  }
  if (field.kind === 'choices') {
    const most = field.limits.max ?? field.options.length;
    return z
      .array(z.enum(field.options), { error: 'Choose from the list' })
      .min(field.required ? 1 : 0, 'Choose at least one')
      .max(most, `Choose ${most} at most`);
  }
  const value = scalarOf(field);
  return field.required ? value : value.nullable();
}

/** A value that is left out is null, which only a field that isn't required takes. */
function scalarOf(field: Exclude<FormField, { kind: 'checkbox' | 'choices' }>): z.ZodType {
  const missing = 'This is required';
  switch (field.kind) {
    case 'text':
    case 'long_text': {
      const { minLength, maxLength } = field.limits;
      return z
        .string(missing)
        .min(minLength, `At least ${minLength} characters`)
        .max(maxLength, `At most ${maxLength} characters`);
    }
    case 'email':
      return z
        .email({ error: (issue) => (issue.input === null ? missing : 'Enter an e-mail address') })
        .max(254);
    case 'number': {
      const { min = -Number.MAX_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER, whole } = field.limits;
      const number = z
        .number({ error: (issue) => (issue.input === null ? missing : 'Enter a number') })
        .min(min, `At least ${min}`)
        .max(max, `At most ${max}`);
      return whole ? number.refine(Number.isInteger, 'Enter a whole number') : number;
    }
    case 'date': {
      const { min = '0001-01-01', max = '9999-12-31' } = field.limits;
      return z.iso
        .date({ error: (issue) => (issue.input === null ? missing : 'Enter a date') })
        .refine((date) => date >= min, `Not before ${min}`)
        .refine((date) => date <= max, `Not after ${max}`);
    }
    case 'choice':
      return z.enum(field.options, {
        error: (issue) => (issue.input === null ? missing : 'Choose from the list'),
      });
    case 'file':
      return z
        .object(FileValue.shape, missing)
        .refine(({ size }) => size <= field.limits.maxSize, {
          error: `At most ${sizeText(field.limits.maxSize)}`,
        })
        .refine(({ contentType }) => isAccepted(contentType, field.limits.accept), {
          error: `Only ${field.limits.accept.join(', ')}`,
        });
  }
}

/** A number of bytes as people read it. */
export function sizeText(bytes: number): string {
  if (bytes >= 1024 * 1024) return `${Math.floor((bytes / (1024 * 1024)) * 10) / 10} MB`;
  return bytes >= 1024 ? `${Math.floor(bytes / 1024)} KB` : `${bytes} bytes`;
}

function isAccepted(contentType: string, accept: readonly string[]): boolean {
  return (
    accept.length === 0 ||
    accept.some(
      (type) => type === contentType || (type.endsWith('/*') && contentType.startsWith(type.slice(0, -1))),
    )
  );
}
