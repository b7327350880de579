import { and, gte, lt, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { modelPurposes } from '#core/ai/model.js';
import { aiCalls } from '#db/schema/index.js';

const principalKinds = ['user', 'api_key', 'automation', 'agent', 'support'] as const;
const name = z.string().max(200);
const orNone = (what: string) =>
  z
    .union([z.uuid(), z.literal('none')])
    .optional()
    .describe(`${what}; none: calls without one`);

/** By what both calls and the sums of their days can be narrowed. */
export const sumFilter = {
  userId: z.uuid().optional().describe('On whose behalf'),
  departmentId: orNone('Of the person, at that moment'),
  agentId: orNone('The agent'),
  principalKind: z.enum(principalKinds).optional().describe('What called'),
  principalId: z.uuid().optional().describe('Person, key, automation or agent that called'),
  provider: name.optional(),
  model: name.optional(),
  purpose: z.enum(modelPurposes).optional(),
};

/** By what single calls can be narrowed as well. */
export const singleFilter = {
  runId: z.uuid().optional(),
  connectionId: z.uuid().optional(),
  outcome: name.optional().describe('succeeded, cancelled, or the code of an error'),
};

/** Fields of a filter over calls, all optional. */
export const callFilter = {
  ...sumFilter,
  ...singleFilter,
  from: z.iso.datetime({ offset: true }).optional().describe('This moment or later'),
  to: z.iso.datetime({ offset: true }).optional().describe('Before this moment'),
};

const CallFilter = z.object(callFilter);

export type CallFields = Omit<z.output<typeof CallFilter>, 'from' | 'to'>;

/** The condition that a filter over calls means. */
export function matchesCall({ from, to, ...fields }: z.output<typeof CallFilter>): SQL | undefined {
  return and(
    from === undefined ? undefined : gte(aiCalls.createdAt, from),
    to === undefined ? undefined : lt(aiCalls.createdAt, to),
    matchesFields(fields),
  );
}

/** Columns of `ai_calls` and, where it has them, of `ai_daily_usage`. */
const columns = {
  userId: 'user_id',
  departmentId: 'department_id',
  agentId: 'agent_id',
  principalKind: 'principal_kind',
  principalId: 'principal_id',
  provider: 'provider',
  model: 'model',
  purpose: 'purpose',
  runId: 'run_id',
  connectionId: 'connection_id',
  outcome: 'outcome',
} as const satisfies Record<keyof CallFields, string>;

/** The condition that the fields of a filter mean, in a query of one of the two tables. */
export function matchesFields(fields: CallFields): SQL | undefined {
  const names = Object.keys(columns) as (keyof typeof columns)[];
  return and(...names.map((field) => isSame(columns[field], fields[field])));
}

function isSame(column: string, value: string | undefined): SQL | undefined {
  if (value === undefined) return undefined;
  const isMissing = value === 'none' && (column === 'department_id' || column === 'agent_id');
  return isMissing ? sql`${sql.identifier(column)} IS NULL` : sql`${sql.identifier(column)} = ${value}`;
}
