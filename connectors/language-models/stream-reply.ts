import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import {
  AIMessage,
  type AIMessageChunk,
  type BaseMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
  type UsageMetadata,
} from '@langchain/core/messages';
import type { ModelMessage, ToolCall } from '#core/ai/message.js';
import type { CompletionReply, CompletionRequest, StopReason } from '#core/ai/model-provider.js';
import { AppError } from '#core/errors.js';
import { toModelError } from './model-error.js';

/** Both vendors' names for why a model stopped. */
const stopReasons: Readonly<Record<string, StopReason>> = {
  stop: 'end',
  end_turn: 'end',
  stop_sequence: 'end',
  length: 'length',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_calls: 'tool_calls',
  tool_use: 'tool_calls',
  content_filter: 'refusal',
  refusal: 'refusal',
};

/**
 * Asks a model, yields its text as it comes and returns the whole reply. Throws what `toModelError` says, and `provider_unavailable` for
 * an answer that breaks off.
 */
export async function* streamReply(
  model: BaseChatModel,
  { messages }: CompletionRequest,
  { provider, signal, options }: { provider: string; signal: AbortSignal; options: Record<string, unknown> },
): AsyncGenerator<string, CompletionReply, undefined> {
  let whole: AIMessageChunk | undefined;
  try {
    const chunks = await model.stream(messages.map(toMessage), { ...options, signal });
    for await (const chunk of chunks) {
      whole = whole ? whole.concat(chunk as AIMessageChunk) : (chunk as AIMessageChunk);
      if (chunk.text !== '') yield chunk.text;
    }
  } catch (error) {
    throw toModelError(provider, error, signal);
  }
  if (signal.aborted) throw signal.reason;
  const stopReason = whole && stopReasonOf(whole);
  if (!whole || !stopReason)
    throw new AppError('provider_unavailable', `${provider} broke off in the middle of its answer`);
  return { text: whole.text, toolCalls: toolCallsOf(whole), stopReason, usage: usageOf(whole) };
}

function toMessage(message: ModelMessage): BaseMessage {
  switch (message.role) {
    case 'system':
      return new SystemMessage(message.text);
    case 'user':
      return new HumanMessage(message.text);
    case 'tool':
      return new ToolMessage({
        tool_call_id: message.toolCallId,
        name: message.name,
        content: message.text,
        status: message.isError ? 'error' : 'success',
      });
    case 'assistant':
      return new AIMessage({
        content: message.text,
        tool_calls: message.toolCalls.map(({ id, name, arguments: text }) => ({
          id,
          name,
          args: readArguments(text),
          type: 'tool_call' as const,
        })),
      });
  }
}

/** What a model has written may be no JSON; to itself it is shown in a form that its provider takes. */
function readArguments(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text);
    return typeof value === 'object' && value !== null ? { ...value } : { value };
  } catch {
    return { text };
  }
}

function stopReasonOf({
  response_metadata: given,
  additional_kwargs: more,
}: AIMessageChunk): StopReason | undefined {
  const reason: unknown = given.finish_reason ?? given.stop_reason ?? more.stop_reason;
  return typeof reason === 'string' ? (stopReasons[reason] ?? 'end') : undefined;
}

function toolCallsOf({ tool_call_chunks: chunks = [] }: AIMessageChunk): ToolCall[] {
  return chunks.map(({ id, name, args }, place) => ({
    id: id ?? `call_${place}`,
    name: name ?? '',
    arguments: args ?? '',
  }));
}

function usageOf(whole: AIMessageChunk): CompletionReply['usage'] {
  const usage = whole.usage_metadata as UsageMetadata | undefined;
  return {
    inputTokens: usage?.input_tokens ?? 0,
    cachedInputTokens: usage?.input_token_details?.cache_read ?? 0,
    outputTokens: usage?.output_tokens ?? 0,
  };
}
