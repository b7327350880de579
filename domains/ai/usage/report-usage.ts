import { type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { microsPerMinor } from '#core/ai/cost.js';
import { invalidField } from '#core/errors.js';
import type { DomainContext } from '#runtime/domain.js';
import { readCursor, writeCursor } from '#runtime/resource/cursor.js';
import { defaultPageSize, maxPageSize } from '#runtime/resource/page.js';
import { callFilter, singleFilter, sumFilter } from '../calls/call-filter.js';
import { callsOfGroup } from './calls-of-group.js';
import { dimensionNames, fieldsOfDimensions } from './dimensions.js';
import { usedSums } from './used-sums.js';

/** As long as sums are kept. */
const mostDays = 1_096;
const dayMs = 86_400_000;

const Sums = z.object({
  calls: z.int(),
  failures: z.int().describe('Calls that failed; those that were cancelled have not'),
  inputTokens: z.int(),
  cachedInputTokens: z.int(),
  outputTokens: z.int(),
  costMinor: z.number().describe('Minor units, with decimals'),
});

const GroupBy = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',') : value),
  z.array(z.enum(dimensionNames)).min(1).max(2),
);

/** What was used of models in some days, summed up. */
export const reportUsage = defineAction({
  name: 'ai_usage.report',
  title: 'Report usage of language models',
  description: 'Sums up calls, tokens and cost of some days, by one or two of what they are known by.',
  permission: 'ai_usage:read',
  effect: 'read',
  http: { method: 'get', path: '/ai/usage' },
  input: z.strictObject({
    from: z.iso.date().describe('First day, in UTC'),
    to: z.iso.date().describe('Last day'),
    groupBy: GroupBy.default(['day']),
    ...sumFilter,
    runId: singleFilter.runId.describe('Only of calls that are still kept'),
    outcome: singleFilter.outcome.describe(
      'succeeded, cancelled, or an error’s code; only of calls still kept',
    ),
    limit: z.coerce.number().int().min(1).max(maxPageSize).default(defaultPageSize),
    cursor: z.string().optional().describe('nextCursor of the page before'),
  }),
  output: z.object({
    items: z.array(
      Sums.extend({
        group: z.record(z.string(), z.string()).describe('Whose sums these are; none: of those without one'),
        filter: z.object(callFilter).describe('Leads to the calls, in ai_calls.list, while they are kept'),
      }),
    ),
    nextCursor: z.string().nullable().describe('Null on the last page'),
    total: Sums.describe('Of all groups, also those of other pages'),
    closedBefore: z.string().nullable().describe('The days before this one are summed up for good'),
  }),
  async run({ db, actor }: DomainContext, { from, to, groupBy, limit, cursor, ...filter }) {
    requireSpan(from, to);
    const fields = fieldsOfDimensions(groupBy);
    const after = cursor === undefined ? undefined : readPlace(cursor, groupBy, fields.length);
    const used = usedSums(actor.orgId, { from, to }, filter);
    const keys = sql`ARRAY[${sql.join(
      fields.map(({ text }) => text),
      sql`, `,
    )}]`;
    const [rows, [whole], [closed]] = await Promise.all([
      db.execute<SumRow & { keys: string[] }>(sql`
        SELECT to_jsonb(${keys}) AS keys, ${sums} FROM (${used}) AS used GROUP BY ${keys}
        ${after ? sql`HAVING ${keys} > ${sql.param(after)}::text[]` : sql``} ORDER BY ${keys} LIMIT ${limit + 1}`),
      db.execute<SumRow>(sql`SELECT ${sums} FROM (${used}) AS used`),
      db.execute<{ before: string }>(
        sql`SELECT before::text FROM ai_closed_usage WHERE org_id = ${actor.orgId}::uuid`,
      ),
    ]);
    const items = rows.slice(0, limit).map(({ keys: values, ...row }) => {
      const group = Object.fromEntries(fields.map(({ field }, index) => [field, values[index] ?? '']));
      return { ...presentSums(row), group, filter: callsOfGroup(group, { from, to }, filter) };
    });
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      items,
      nextCursor: last ? writeCursor([groupBy, last.keys]) : null,
      total: presentSums(whole),
      closedBefore: closed?.before ?? null,
    };
  },
});

type SumRow = Record<
  'calls' | 'failures' | 'input_tokens' | 'cached_input_tokens' | 'output_tokens' | 'cost',
  string
>;

const sums: SQL = sql`coalesce(sum(calls), 0) AS calls, coalesce(sum(failures), 0) AS failures,
  coalesce(sum(input_tokens), 0) AS input_tokens, coalesce(sum(cached_input_tokens), 0) AS cached_input_tokens,
  coalesce(sum(output_tokens), 0) AS output_tokens, coalesce(sum(cost), 0) AS cost`;

function presentSums(row: SumRow | undefined): z.output<typeof Sums> {
  return {
    calls: Number(row?.calls ?? 0),
    failures: Number(row?.failures ?? 0),
    inputTokens: Number(row?.input_tokens ?? 0),
    cachedInputTokens: Number(row?.cached_input_tokens ?? 0),
    outputTokens: Number(row?.output_tokens ?? 0),
    costMinor: Number(row?.cost ?? 0) / microsPerMinor,
  };
}

function requireSpan(from: string, to: string): void {
  const days = (Date.parse(to) - Date.parse(from)) / dayMs + 1;
  if (days < 1) throw invalidField({ path: 'to', message: 'is before from' });
  if (days > mostDays)
    throw invalidField({ path: 'to', message: `is more than ${mostDays} days after from` });
}

function readPlace(cursor: string, groupBy: readonly string[], length: number): string[] {
  const Place = z
    .tuple([z.array(z.string()), z.array(z.string()).length(length)])
    .refine(([own]) => own.join() === groupBy.join());
  return readCursor(Place, cursor)[1];
}
