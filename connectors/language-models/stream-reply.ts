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
import { z } from 'zod';
import type { ModelMessage, ToolCall } from '#core/ai/message.js';
import type { CompletionReply, CompletionRequest, StopReason, TokenUsage } from '#core/ai/model-provider.js';
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
 * Asks a model, yields its text as it comes (an empty one for a piece of a tool call) and returns the whole reply. Throws what `toModelError` says, and `provider_unavailable` for
 * an answer that breaks off.
 */
export async function* streamReply(
  model: BaseChatModel,
  { messages }: CompletionRequest,
  { provider, signal, options }: { provider: string; signal: AbortSignal; options: Record<string, unknown> },
): AsyncGenerator<string, CompletionReply, undefined> {
  let whole: AIMessageChunk | undefined;
  let refusal = '';
  const usage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };
  try {
    const chunks = await model.stream(messages.map(toMessage), { ...options, signal });
    for await (const part of chunks) {
      const chunk = part as AIMessageChunk;
      const refused = takeRefusal(chunk);
      refusal += refused;
      noteUsage(usage, chunk);
      whole = whole ? whole.concat(chunk) : chunk;
      if (chunk.text + refused !== '' || chunk.tool_call_chunks?.length) yield chunk.text + refused;
    }
  } catch (error) {
    throw toModelError(provider, error, signal);
  }
  if (signal.aborted) throw signal.reason;
  const stopReason = whole && stopReasonOf(whole);
  if (!whole || !stopReason)
    throw new AppError('provider_unavailable', `${provider} broke off in the middle of its answer`);
  return {
    text: whole.text + refusal,
    toolCalls: toolCallsOf(whole),
    stopReason: refusal === '' ? stopReason : 'refusal',
    usage,
  };
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

const RawChunk = z.object({
  choices: z.array(z.object({ delta: z.object({ refusal: z.string().nullish() }) })),
});

/** OpenAI refuses in a field of its own, which is in the raw chunk only. That is taken out: chunks are added up. */
function takeRefusal(chunk: AIMessageChunk): string {
  const { __raw_response: raw, ...others } = chunk.additional_kwargs;
  chunk.additional_kwargs = others;
  return RawChunk.safeParse(raw).data?.choices[0]?.delta.refusal ?? '';
}

/** Both vendors, and servers that count as they go, tell of the whole so far: the greatest number is the last one. */
function noteUsage(usage: { -readonly [Key in keyof TokenUsage]: number }, chunk: AIMessageChunk): void {
  const told = chunk.usage_metadata as UsageMetadata | undefined;
  if (!told) return;
  usage.inputTokens = Math.max(usage.inputTokens, told.input_tokens);
  usage.cachedInputTokens = Math.max(usage.cachedInputTokens, told.input_token_details?.cache_read ?? 0);
  usage.outputTokens = Math.max(usage.outputTokens, told.output_tokens);
}
