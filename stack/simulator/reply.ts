import { randomUUID } from 'node:crypto';
import type { Conversation, ToolCall } from './conversation.js';
import { countInputTokens, countTokens } from './count-tokens.js';
import { leastValue } from './schema-fields.js';
import type { ScriptedReply } from './script.js';

export type Finish = 'stop' | 'stop_sequence' | 'length' | 'tool_calls' | 'refusal';

export interface Usage {
  /** All input, with what was read from and written to the cache. */
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
}

/** An answer as it is sent, whichever vendor's protocol it goes by. */
export interface Reply {
  model: string;
  text: string;
  isRefusal: boolean;
  toolCalls: { id: string; name: string; argumentsJson: string }[];
  finish: Finish;
  stopSequence: string | undefined;
  usage: Usage;
}

/** Makes an answer of what a persona says: keeps to the caller's tool choice, stops and limits, and counts. */
export function shapeReply(
  conversation: Conversation,
  said: ScriptedReply,
  cache: Pick<Usage, 'cacheReadTokens' | 'cacheWriteTokens'>,
): Reply {
  const isRefusal = said.failure?.kind === 'refusal';
  const whole = said.failure?.kind === 'refusal' ? said.failure.text : (said.text ?? '');
  const stopped = stopAt(whole, conversation.stop);
  const text = limitTokens(stopped.text, conversation.maxTokens);
  const isCut = text.length < stopped.text.length;
  const calls = isCut || isRefusal ? [] : chooseCalls(conversation, said.toolCalls ?? []);
  const toolCalls = calls.map((call, index) => ({
    id: randomUUID().replaceAll('-', '').slice(0, 24),
    name: call.name,
    argumentsJson: argumentsJson(
      call,
      said.failure?.kind === 'malformed_json' && said.failure.where === 'arguments' && index === 0,
    ),
  }));
  const outputTokens =
    countTokens(text) +
    toolCalls.reduce((sum, call) => sum + countTokens(call.name) + countTokens(call.argumentsJson), 0);
  return {
    model: conversation.model,
    text,
    isRefusal,
    toolCalls,
    finish: finishOf(),
    stopSequence: isCut ? undefined : stopped.sequence,
    usage: { inputTokens: countInputTokens(conversation), outputTokens, ...cache, ...given(said.usage) },
  };

  function finishOf(): Finish {
    if (isRefusal) return 'refusal';
    if (isCut) return 'length';
    if (toolCalls.length > 0) return 'tool_calls';
    return stopped.sequence === undefined ? 'stop' : 'stop_sequence';
  }
}

/** The pieces of a text as they are streamed: a word each, with the space before it. */
export function wordsOf(text: string): string[] {
  return text.match(/\s*\S+\s*$|\s*\S+|\s+/g) ?? [];
}

/** The pieces of arguments as they are streamed: 16 characters each. */
export function piecesOf(json: string): string[] {
  return json.match(/[\s\S]{1,16}/gu) ?? [];
}

function given(usage: ScriptedReply['usage']): Partial<Usage> {
  const counts = Object.entries(usage ?? {}).filter(([, count]) => count !== undefined);
  return Object.fromEntries(counts);
}

function stopAt(text: string, stops: readonly string[]): { text: string; sequence: string | undefined } {
  const found = stops
    .map((sequence) => ({ sequence, at: text.indexOf(sequence) }))
    .filter(({ at }) => at >= 0)
    .sort((one, other) => one.at - other.at)[0];
  return found ? { text: text.slice(0, found.at), sequence: found.sequence } : { text, sequence: undefined };
}

function limitTokens(text: string, maxTokens: number | undefined): string {
  if (maxTokens === undefined || countTokens(text) <= maxTokens) return text;
  let left = maxTokens;
  let kept = '';
  for (const word of wordsOf(text)) {
    left -= countTokens(word);
    if (left < 0) break;
    kept += word;
  }
  return kept;
}

function chooseCalls({ tools, toolChoice, parallelToolCalls }: Conversation, wanted: readonly ToolCall[]) {
  if (toolChoice.kind === 'none') return [];
  const forced = toolChoice.kind === 'tool' ? toolChoice.name : undefined;
  const fitting = forced === undefined ? wanted : wanted.filter(({ name }) => name === forced);
  const calls = parallelToolCalls ? fitting : fitting.slice(0, 1);
  if (calls.length > 0 || toolChoice.kind === 'auto') return calls;
  const tool = tools.find(({ name }) => forced === undefined || name === forced);
  return tool ? [{ name: tool.name, arguments: leastValue(tool.schema) }] : [];
}

function argumentsJson(call: ToolCall, isMalformed: boolean): string {
  const json = JSON.stringify(call.arguments);
  return isMalformed ? `${json.slice(0, Math.max(1, Math.floor(json.length / 2)))}` : json;
}
