import type { z } from 'zod';
import { sampleFile } from '../../sample-file.js';
import { exampleOfSchema } from './example-of-schema.js';
import type { FileValue, FormField } from './form-fields.js';

/** An answer to a field of a form, within its limits. `nowMs` is the moment of dates. */
export function exampleOfField(field: FormField, nowMs: number): unknown {
  switch (field.kind) {
    case 'text':
    case 'long_text': {
      const { minLength, maxLength } = field.limits;
      return exampleOfSchema({ type: 'string', minLength, maxLength }, nowMs, field.label);
    }
    case 'email':
      return exampleOfSchema({ type: 'string', format: 'email' }, nowMs);
    case 'number': {
      const { min: minimum, max: maximum, whole } = field.limits;
      return exampleOfSchema({ type: whole ? 'integer' : 'number', minimum, maximum }, nowMs);
    }
    case 'date':
      return dateWithin(field.limits, nowMs);
    case 'choice':
      return field.options[0];
    case 'choices':
      return field.options.slice(0, 1);
    case 'checkbox':
      return true;
    case 'file':
      return fileWithin(field.limits);
  }
}

function dateWithin({ min, max }: { min?: string | undefined; max?: string | undefined }, nowMs: number) {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  if (min !== undefined && today < min) return min;
  return max !== undefined && today > max ? max : today;
}

function fileWithin({ maxSize, accept }: { maxSize: number; accept: readonly string[] }) {
  const [contentType = 'application/pdf'] = accept;
  return {
    fileName: 'example.pdf',
    // The subtype `example` is reserved for this: RFC 4735.
    contentType: contentType.replace('*', 'example'),
    ...sampleFile(maxSize),
  } satisfies z.output<typeof FileValue>;
}
