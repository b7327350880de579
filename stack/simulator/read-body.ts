import type { z } from 'zod';
import { ModelError } from './model-error.js';

/** Checks a request's body by a schema. Throws ModelError `invalid_request` with the path of what is wrong. */
export function readBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const param = issue?.path.reduce<string>(
    (path, key) =>
      typeof key === 'number' ? `${path}[${key}]` : path ? `${path}.${String(key)}` : String(key),
    '',
  );
  throw new ModelError('invalid_request', `Invalid value for '${param}': ${issue?.message}.`, { param });
}
