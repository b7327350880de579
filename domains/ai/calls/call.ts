import { getTableColumns } from 'drizzle-orm';
import { z } from 'zod';
import { microsPerMinor } from '#core/ai/cost.js';
import { ModelPrice, modelPurposes } from '#core/ai/model.js';
import { aiCalls } from '#db/schema/index.js';

/** A call of a model as callers see it. */
export const ModelCall = z.object({
  id: z.uuid(),
  createdAt: z.string(),
  principalKind: z.string(),
  principalId: z.uuid(),
  userId: z.uuid().describe('On whose behalf'),
  departmentId: z.uuid().nullable().describe('Of the person, at that moment'),
  agentId: z.uuid().nullable(),
  agentVersion: z.int().nullable(),
  runId: z.uuid().nullable(),
  step: z.string().nullable(),
  purpose: z.enum(modelPurposes),
  operation: z.enum(['complete', 'embed']),
  provider: z.string(),
  connectionId: z.uuid().nullable().describe("Null: the platform's demo model"),
  model: z.string(),
  inputTokens: z.int(),
  cachedInputTokens: z.int().describe('Those of the input that the provider had in its cache'),
  outputTokens: z.int(),
  isEstimated: z.boolean().describe('The provider has not said how many; these are the most it can be'),
  price: ModelPrice.describe('Minor units for a million tokens, at that moment'),
  costMinor: z.number().describe('Minor units, with decimals'),
  latencyMs: z.int(),
  firstTokenMs: z.int().nullable(),
  outcome: z.string().describe('succeeded, cancelled, or the code of the error'),
});

const {
  orgId: _org,
  prompt: _prompt,
  reply: _reply,
  parameters: _parameters,
  cost,
  ...fields
} = getTableColumns(aiCalls);

/** What is selected to show a call. */
export const callFields = { ...fields, cost };

/** A row of `callFields` as callers see it. */
export function presentCall<Row extends { cost: number }>({ cost: micros, ...row }: Row) {
  return { ...row, costMinor: micros / microsPerMinor };
}
