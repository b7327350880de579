import type { Conversation, Part } from './conversation.js';

/** What is added for a message and for a tool, as vendors do for what frames them. */
const tokensOfMessage = 4;
const tokensOfTool = 8;

/**
 * Counts tokens about as tokenizers of English do, the same for the same text: a run of letters or digits is one for each
 * five begun, a letter of a script without spaces between words is one, and so is any other sign. Spaces count nothing.
 */
export function countTokens(text: string): number {
  let count = 0;
  for (const [piece] of text.matchAll(
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}]+|[^\s]/gu,
  )) {
    count += Math.ceil(piece.length / 5);
  }
  return count;
}

/** Tokens of all that a model is given: system texts, messages, tools and the wanted form. */
export function countInputTokens({ system, turns, tools, format }: Conversation): number {
  const systems = sum(system.map((text) => countTokens(text) + tokensOfMessage));
  const messages = sum(turns.map(({ parts }) => sum(parts.map(tokensOfPart)) + tokensOfMessage));
  const offered = sum(
    tools.map(({ name, description, schema }) =>
      sum([countTokens(name), countTokens(description), countTokens(JSON.stringify(schema)), tokensOfTool]),
    ),
  );
  const form = format?.kind === 'schema' ? countTokens(JSON.stringify(format.schema)) : 0;
  return systems + messages + offered + form;
}

function tokensOfPart(part: Part): number {
  if (part.kind === 'toolCall') return countTokens(part.name) + countTokens(JSON.stringify(part.arguments));
  return countTokens(part.text);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
