import type { ModelMessage } from './message.js';
import type { ModelPrice } from './model.js';
import type { CompletionRequest, TokenUsage } from './model-provider.js';

/** Costs are whole millionths of a minor unit: a price of 1 is one of them for a token. */
export const microsPerMinor = 1_000_000;

/** What a call has cost, in millionths of a minor unit, rounded up. */
export function costOf(
  { inputTokens, cachedInputTokens, outputTokens }: TokenUsage,
  price: ModelPrice,
): number {
  const cached = Math.min(cachedInputTokens, inputTokens);
  return wholeMicros(
    (inputTokens - cached) * price.input + cached * price.cachedInput + outputTokens * price.output,
  );
}

/** The most that a call can cost, in millionths of a minor unit, whatever the provider's way to count tokens. */
export function highestCost(
  request: Pick<CompletionRequest, 'messages' | 'tools' | 'outputSchema' | 'maxOutputTokens'>,
  price: ModelPrice,
): number {
  const dearest = Math.max(price.input, price.cachedInput);
  return wholeMicros(mostInputTokens(request) * dearest + request.maxOutputTokens * price.output);
}

/** The most that embedding these texts can cost, in millionths of a minor unit. */
export function highestEmbeddingCost(texts: readonly string[], price: ModelPrice): number {
  return wholeMicros(texts.reduce((sum, text) => sum + mostTokens(text), 0) * price.input);
}

/** What a provider adds to each message and tool, by their documentation less than this. */
const tokensAround = 16;

/** The most tokens that a request can be. */
export function mostInputTokens({
  messages,
  tools = [],
  outputSchema,
}: Pick<CompletionRequest, 'messages' | 'tools' | 'outputSchema'>): number {
  const ofMessages = messages.reduce((sum, message) => sum + tokensAround + mostTokens(textOf(message)), 0);
  const ofTools = tools.reduce((sum, tool) => sum + tokensAround + mostTokens(JSON.stringify(tool)), 0);
  return ofMessages + ofTools + (outputSchema ? mostTokens(JSON.stringify(outputSchema)) : 0);
}

/**
 * The most tokens that a text can be: its bytes in UTF-8, for tokens of byte-pair encodings are at least one byte. Real
 * texts are a quarter to a third of it.
 */
export function mostTokens(text: string): number {
  let bytes = 0;
  for (let place = 0; place < text.length; place += 1) bytes += bytesOf(text.charCodeAt(place));
  return bytes;
}

/** Of one UTF-16 unit; half of a pair is two. */
function bytesOf(unit: number): number {
  if (unit < 0x80) return 1;
  if (unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff)) return 2;
  return 3;
}

function textOf(message: ModelMessage): string {
  return message.role === 'assistant' ? message.text + JSON.stringify(message.toolCalls) : message.text;
}

/** Sums of products with decimals are a little off: what is off by less than a millionth part of one is whole. */
function wholeMicros(micros: number): number {
  return Math.ceil(Number(micros.toFixed(6)));
}
