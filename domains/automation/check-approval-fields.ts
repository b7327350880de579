import type { z } from 'zod';
import type { ApprovalField } from '#core/automation/approval.js';
import { AppError, type ErrorIssue } from '#core/errors.js';

type Field = z.output<typeof ApprovalField>;

/** What was filled in, if it is what the form asks for. Throws `validation`, an issue for each field. */
export function checkApprovalFields(
  form: readonly Field[],
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const known = new Map(form.map((field) => [field.key, field]));
  const unknown = Object.keys(given).filter((key) => !known.has(key));
  const issues: ErrorIssue[] = [
    ...unknown.map((key) => ({ path: `fields.${key}`, message: 'is not asked for' })),
    ...form.flatMap((field) => {
      const message = problemOf(field, given[field.key]);
      return message ? [{ path: `fields.${field.key}`, message }] : [];
    }),
  ];
  const [first] = issues;
  if (first) throw new AppError('validation', `${first.path}: ${first.message}`, { issues });
  return { ...given };
}

function problemOf({ kind, required, options = [] }: Field, value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return required ? 'is required' : undefined;
  if (kind === 'choice') {
    return typeof value === 'string' && options.includes(value)
      ? undefined
      : `must be one of ${options.join(', ')}`;
  }
  const type = kind === 'text' ? 'string' : kind;
  if (typeof value !== type) return `must be a ${type}`;
  return typeof value === 'string' && value.length > 10_000 ? 'is too long' : undefined;
}
