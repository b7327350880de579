import { mostInputTokens, mostTokens } from './cost.js';
import type { ModelMessage } from './message.js';
import type { ToolDescription } from './model-provider.js';

/** Bytes of a token in texts as people and programs write them; a little few, so that it is rather too many tokens. */
const bytesOfToken = 3.2;

/** About how many tokens a text has. */
export function likelyTokens(text: string): number {
  return Math.ceil(mostTokens(text) / bytesOfToken);
}

/** About how many tokens a request has. */
export function likelyInputTokens(
  messages: readonly ModelMessage[],
  tools: readonly ToolDescription[] = [],
): number {
  return Math.ceil(mostInputTokens({ messages, tools }) / bytesOfToken);
}
