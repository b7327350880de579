import { highestCost, highestEmbeddingCost, mostInputTokens, mostTokens } from '#core/ai/cost.js';
import type {
  CompletionReply,
  CompletionRequest,
  EmbeddingReply,
  ModelProvider,
  TokenUsage,
} from '#core/ai/model-provider.js';
import { invalidField } from '#core/errors.js';
import type { PlannedCall } from './ask-model.js';
import type { OpenModel } from './chosen-models.js';

const nothing: TokenUsage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };

/**
 * A completion by one model; its text goes to `onText` as it comes. One that broke off after it had begun, or of which
 * nobody knows, counts with all that it can have used.
 */
export function planCompletion(
  request: CompletionRequest,
  { models, price }: OpenModel,
  onText: (text: string) => void,
): PlannedCall<CompletionReply> {
  const { messages, model: _, ...parameters } = request;
  let said = '';
  let hasBegun = false;
  let hasOther = false;
  return {
    operation: 'complete',
    parameters,
    prompt: messages,
    highestCost: highestCost(request, price),
    ask: (context, onFirst) =>
      collect(models.complete(context, request), (text) => {
        onFirst();
        hasBegun = true;
        hasOther ||= text === '';
        said += text;
        if (text !== '') onText(text);
      }),
    shown: ({ text, toolCalls, stopReason }) => ({ text, toolCalls, stopReason }),
    usageOf: ({ usage }) => usage,
    usageOfBroken: (isUnknown) => {
      if (!hasBegun && !isUnknown) return nothing;
      const outputTokens = hasOther
        ? request.maxOutputTokens
        : Math.min(request.maxOutputTokens, mostTokens(said));
      return { inputTokens: mostInputTokens(request), cachedInputTokens: 0, outputTokens };
    },
  };
}

/** Texts to be embedded by one model. Throws `validation` where its provider has none that embed. */
export function planEmbedding(
  texts: readonly string[],
  { models: { embed }, model, price }: OpenModel,
): PlannedCall<EmbeddingReply> {
  if (!embed) throw invalidField({ path: 'model', message: 'its provider has none that embed' });
  return {
    operation: 'embed',
    parameters: {},
    prompt: texts,
    highestCost: highestEmbeddingCost(texts, price),
    ask: (context) => embed(context, { model, texts }),
    shown: ({ vectors }) => ({ vectors: vectors.length, dimensions: vectors[0]?.length ?? 0 }),
    usageOf: ({ inputTokens }) => ({ ...nothing, inputTokens }),
    usageOfBroken: (isUnknown) => (isUnknown ? { ...nothing, inputTokens: sumOf(texts) } : nothing),
  };
}

function sumOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + mostTokens(text), 0);
}

async function collect(
  parts: ReturnType<ModelProvider['complete']>,
  onText: (text: string) => void,
): Promise<CompletionReply> {
  for (;;) {
    const { done, value } = await parts.next();
    if (done) return value;
    onText(value);
  }
}
