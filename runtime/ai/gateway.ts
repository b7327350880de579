import { abilityFor } from '#core/ai/model.js';
import type { CompletionReply, CompletionRequest, EmbeddingReply } from '#core/ai/model-provider.js';
import { AppError, invalidField } from '#core/errors.js';
import type { Services } from '../services.js';
import { type Answered, askModel, type PlannedCall } from './ask-model.js';
import { type ModelChoice, type OpenModel, openModels } from './chosen-models.js';
import type { ModelUse } from './model-use.js';
import { planCompletion, planEmbedding } from './planned-calls.js';
import { LaneFull } from './reserve.js';

/** What is asked of whichever model is chosen. */
export interface GatewayRequest extends Omit<CompletionRequest, 'model' | 'maxOutputTokens'> {
  /** Asked instead of those that are chosen for the purpose. */
  model?: ModelChoice | undefined;
  /** 4,096 unless given, and never more than the model's. */
  maxOutputTokens?: number | undefined;
}

/** What comes of a reply's text. `restart`: what came before is void, for another model is asked. */
export type TextPart = { text: string } | { restart: true };

export interface CallOptions {
  /** Ends the call at the provider, too. */
  signal: AbortSignal;
  onText?(part: TextPart): void;
}

export type GatewayReply = CompletionReply & Answered;

const defaultOutputTokens = 4_096;

/** Failures after which another provider may do better. */
const failuresOfProvider = new Set([
  'provider_unavailable',
  'limit_exceeded',
  'credentials_expired',
  'forbidden',
]);

/**
 * The way to every language model: chooses it, holds back what the call can cost before it goes out, writes down what it was.
 * What fails at one provider is asked of the next that the organization has chosen. Throws AppError: `budget_exceeded`,
 * `limit_exceeded`, `validation` where no model is chosen or the provider does not take the request, and what the last provider
 * failed with; and the signal's reason.
 */
export async function complete(
  services: Services,
  use: ModelUse,
  { model: wanted, maxOutputTokens = defaultOutputTokens, ...asked }: GatewayRequest,
  options: CallOptions,
): Promise<GatewayReply> {
  const models = await modelsFor(services, use, wanted);
  return askInTurn(services, use, models, options, (model) => {
    const most = Math.min(maxOutputTokens, model.maxOutputTokens);
    const request = { ...asked, model: model.model, maxOutputTokens: most };
    return planCompletion(request, model, (text) => options.onText?.({ text }));
  });
}

/** Embeds texts, one vector for each, by the same way. Throws as `complete` does. */
export async function embed(
  services: Services,
  use: ModelUse,
  { texts, model: wanted }: { texts: readonly string[]; model?: ModelChoice | undefined },
  options: Pick<CallOptions, 'signal'>,
): Promise<EmbeddingReply & Answered> {
  const models = await modelsFor(services, use, wanted);
  return askInTurn(services, use, models, options, (model) => planEmbedding(texts, model));
}

async function modelsFor(
  services: Services,
  { actor: { orgId }, purpose }: ModelUse,
  wanted: ModelChoice | undefined,
): Promise<readonly OpenModel[]> {
  const models = await services.database.withOrg(orgId, (transaction) =>
    openModels(services, transaction, { orgId, purpose, wanted }),
  );
  const misfit = models.find(({ abilities }) => !abilities.includes(abilityFor[purpose]));
  if (misfit) throw invalidField({ path: 'model', message: `${misfit.model} is of no use for ${purpose}` });
  return models;
}

/** Asks one model after the other until one answers. */
async function askInTurn<Reply extends object>(
  services: Services,
  use: ModelUse,
  models: readonly OpenModel[],
  { signal, onText }: CallOptions,
  plan: (model: OpenModel) => PlannedCall<Reply>,
): Promise<Reply & Answered> {
  let failure: unknown;
  for (const model of models) {
    if (failure) onText?.({ restart: true });
    try {
      return await askModel(services, use, model, plan(model), signal);
    } catch (error) {
      if (!isOfProvider(error)) throw error;
      failure = error;
    }
  }
  throw failure;
}

function isOfProvider(error: unknown): boolean {
  return error instanceof AppError && !(error instanceof LaneFull) && failuresOfProvider.has(error.code);
}
