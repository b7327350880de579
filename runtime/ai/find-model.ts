import { and, eq } from 'drizzle-orm';
import { type Model, ModelFacts, type ModelName } from '#core/ai/model.js';
import { knownModels } from '#core/ai/model-catalogue.js';
import { invalidField } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { aiModels } from '#db/schema/index.js';

/** Columns of what an organization has entered of a model. */
export const modelColumns = {
  title: aiModels.title,
  contextTokens: aiModels.contextTokens,
  maxOutputTokens: aiModels.maxOutputTokens,
  abilities: aiModels.abilities,
  price: aiModels.price,
};

/**
 * What is known of a model: what the organization has entered, else what everybody knows. Throws `validation` for one of
 * which nothing is, for without its price no budget could hold.
 */
export async function findModel(
  transaction: Transaction,
  orgId: string,
  { provider, model }: ModelName,
): Promise<Model> {
  const [row] = await transaction
    .select(modelColumns)
    .from(aiModels)
    .where(and(eq(aiModels.orgId, orgId), eq(aiModels.provider, provider), eq(aiModels.model, model)));
  if (row) return { provider, model, ...ModelFacts.parse(row) };
  const known = knownModels.find((one) => one.provider === provider && one.model === model);
  if (known) return known;
  const message = `nothing is known of ${model}: enter it first, with what it can do and what it costs`;
  throw invalidField({ path: 'model', message });
}
