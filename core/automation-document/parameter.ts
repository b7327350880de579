import { z } from 'zod';

export const parameterTypes = ['string', 'number', 'boolean', 'connection', 'project'] as const;

/** Longest text that a parameter takes, in characters. */
const maxText = 10_000;

/**
 * What whoever imports a document has to say. `[[key]]` in the document stands for its value; for a connection the
 * value is its name, for a project its id.
 */
export const Parameter = z
  .strictObject({
    key: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'must start with a letter and hold a–z, 0–9 and _ only'),
    title: z.string().min(1).max(200),
    description: z.string().max(5_000).default(''),
    type: z.enum(parameterTypes),
    connector: z.string().min(1).max(100).optional().describe('The app, for a connection'),
    default: z.union([z.string(), z.number(), z.boolean()]).optional(),
    required: z.boolean().default(true).describe('A default is a value too'),
  })
  .superRefine((parameter, context) => {
    const isConnection = parameter.type === 'connection';
    if (isConnection !== (parameter.connector !== undefined)) {
      const message = isConnection ? 'says which app the connection is of' : 'is for connections only';
      context.addIssue({ code: 'custom', path: ['connector'], message });
    }
    const problem = parameter.default === undefined ? undefined : valueProblem(parameter, parameter.default);
    if (problem) context.addIssue({ code: 'custom', path: ['default'], message: problem });
  });

export type Parameter = z.output<typeof Parameter>;

/** What a placeholder may be replaced by. */
export type ParameterValue = string | number | boolean;

/** Why a value does not fit a parameter; undefined if it does. */
export function valueProblem({ type }: Pick<Parameter, 'type'>, value: unknown): string | undefined {
  if (type === 'number') {
    return typeof value === 'number' && Number.isFinite(value) ? undefined : 'must be a number';
  }
  if (type === 'boolean') return typeof value === 'boolean' ? undefined : 'must be true or false';
  if (typeof value !== 'string')
    return type === 'connection' ? 'must be the name of a connection' : 'must be a text';
  if (value === '') return 'must not be empty';
  if (value.length > maxText) return `must not be longer than ${maxText} characters`;
  // It would be evaluated as an expression in every run.
  return value.includes('{{') ? 'must not hold {{' : undefined;
}
