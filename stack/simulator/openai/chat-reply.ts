import { randomUUID } from 'node:crypto';
import type { ChatCompletion, ChatCompletionChunk } from 'openai/resources/chat/completions';
import type { CompletionUsage } from 'openai/resources/completions';
import { piecesOf, type Reply, wordsOf } from '../reply.js';

type FinishReason = 'stop' | 'length' | 'tool_calls';

/** The answer as an object `chat.completion`. */
export function chatCompletion(reply: Reply): ChatCompletion {
  const { text, isRefusal, toolCalls } = reply;
  return {
    id: `chatcmpl-${randomUUID()}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: reply.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: isRefusal || (text === '' && toolCalls.length > 0) ? null : text,
          refusal: isRefusal ? text : null,
          annotations: [],
          ...(toolCalls.length > 0 && {
            tool_calls: toolCalls.map(({ id, name, argumentsJson }) => ({
              id: `call_${id}`,
              type: 'function',
              function: { name, arguments: argumentsJson },
            })),
          }),
        },
        logprobs: null,
        finish_reason: finishReason(reply),
      },
    ],
    usage: usageOf(reply),
    service_tier: 'default',
    system_fingerprint: 'fp_simulator',
  };
}

/** The answer as server-sent events: chunks, then usage if it is wanted, then `[DONE]`. */
export function* chatChunks(reply: Reply, includesUsage: boolean): Iterable<string> {
  const frame = {
    id: `chatcmpl-${randomUUID()}`,
    object: 'chat.completion.chunk',
    created: Math.floor(Date.now() / 1000),
    model: reply.model,
    service_tier: 'default',
    system_fingerprint: 'fp_simulator',
    ...(includesUsage && { usage: null }),
  } as const;
  for (const delta of deltasOf(reply)) {
    yield event({
      ...frame,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: null }],
    } as ChatCompletionChunk);
  }
  const last = { index: 0, delta: {}, logprobs: null, finish_reason: finishReason(reply) };
  yield event({ ...frame, choices: [last] } as ChatCompletionChunk);
  if (includesUsage) yield event({ ...frame, choices: [], usage: usageOf(reply) });
  yield 'data: [DONE]\n\n';
}

function* deltasOf({ text, isRefusal, toolCalls }: Reply): Iterable<ChatCompletionChunk.Choice.Delta> {
  const isCalling = text === '' && toolCalls.length > 0;
  yield { role: 'assistant', content: isRefusal || isCalling ? null : '', refusal: null };
  for (const piece of wordsOf(text)) yield isRefusal ? { refusal: piece } : { content: piece };
  for (const [index, { id, name, argumentsJson }] of toolCalls.entries()) {
    const begun = { index, id: `call_${id}`, type: 'function', function: { name, arguments: '' } } as const;
    yield { tool_calls: [begun] };
    for (const piece of piecesOf(argumentsJson))
      yield { tool_calls: [{ index, function: { arguments: piece } }] };
  }
}

/** A refusal ends as usual; a stop sequence is not told apart. */
function finishReason({ finish }: Reply): FinishReason {
  return finish === 'length' || finish === 'tool_calls' ? finish : 'stop';
}

function usageOf({ usage }: Reply): CompletionUsage {
  const { inputTokens, outputTokens, cacheReadTokens } = usage;
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cacheReadTokens, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

function event(chunk: ChatCompletionChunk): string {
  return `data: ${JSON.stringify(chunk)}\n\n`;
}
