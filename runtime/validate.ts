import type { z } from 'zod';
import { AppError } from '#core/errors.js';

/** Parses a value or throws `validation` with one issue a field, each path led by `prefix`. */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  prefix = '',
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => ({
    path: [prefix, ...issue.path.map(String)].filter(Boolean).join('.'),
    message: issue.message,
  }));
  const [first] = issues;
  throw new AppError(
    'validation',
    first?.path ? `${first.path}: ${first.message}` : 'The input is not valid',
    {
      issues,
    },
  );
}
