import { sql } from 'drizzle-orm';
import { aiCalls } from '#db/schema/index.js';

/** Columns of `ai_calls` and `ai_daily_usage` by which calls are summed up, in the order in which they are written. */
export const usageKeys = [
  'principal_kind',
  'principal_id',
  'user_id',
  'department_id',
  'agent_id',
  'purpose',
  'provider',
  'model',
] as const;

export type UsageKey = (typeof usageKeys)[number];

/** Columns of `ai_daily_usage` that are sums. */
export const usageSums = [
  'calls',
  'failures',
  'input_tokens',
  'cached_input_tokens',
  'output_tokens',
  'cost',
] as const;

/** The day of a call, in UTC. */
export const dayOfCall = sql`(${aiCalls.createdAt} AT TIME ZONE 'UTC')::date`;

/** What one call adds to the sums, in their order. One that was given up by whoever asked has not failed. */
export const partsOfCall = sql`1 AS calls,
  (${aiCalls.outcome} NOT IN ('succeeded', 'cancelled'))::integer AS failures,
  ${aiCalls.inputTokens}, ${aiCalls.cachedInputTokens}, ${aiCalls.outputTokens}, ${aiCalls.cost}`;
