import { randomUUID } from 'node:crypto';
import type {
  Message,
  RawMessageStreamEvent,
  StopReason,
  TextBlock,
  ToolUseBlock,
  Usage,
} from '@anthropic-ai/sdk/resources/messages';
import { piecesOf, type Reply, wordsOf } from '../reply.js';

type MessageDeltaUsage = Extract<RawMessageStreamEvent, { type: 'message_delta' }>['usage'];

const stopReasons: Record<Reply['finish'], StopReason> = {
  stop: 'end_turn',
  stop_sequence: 'stop_sequence',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  refusal: 'refusal',
};

/** The answer as an object `message`. */
export function message(reply: Reply): Message {
  return {
    ...begun(reply),
    content: [
      ...(hasText(reply) ? [textBlock(reply.text)] : []),
      ...reply.toolCalls.map((call) => toolUseBlock(call, inputOf(call.argumentsJson))),
    ],
    ...stopOf(reply),
    usage: usageOf(reply, reply.usage.outputTokens),
  };
}

/** The answer as server-sent events: https://docs.anthropic.com/en/docs/build-with-claude/streaming */
export function* messageEvents(reply: Reply): Iterable<string> {
  yield event({ type: 'message_start', message: begun(reply) });
  yield 'event: ping\ndata: {"type": "ping"}\n\n';
  let index = 0;
  if (hasText(reply)) {
    yield event({ type: 'content_block_start', index, content_block: textBlock('') });
    for (const text of wordsOf(reply.text)) {
      yield event({ type: 'content_block_delta', index, delta: { type: 'text_delta', text } });
    }
    yield event({ type: 'content_block_stop', index });
    index += 1;
  }
  for (const call of reply.toolCalls) {
    yield event({ type: 'content_block_start', index, content_block: toolUseBlock(call, {}) });
    for (const piece of piecesOf(call.argumentsJson)) {
      yield event({
        type: 'content_block_delta',
        index,
        delta: { type: 'input_json_delta', partial_json: piece },
      });
    }
    yield event({ type: 'content_block_stop', index });
    index += 1;
  }
  yield event({
    type: 'message_delta',
    delta: { container: null, ...stopOf(reply) },
    usage: deltaUsage(reply),
  });
  yield event({ type: 'message_stop' });
}

/** The message as a stream begins it: without content, and with the first token counted. */
function begun(reply: Reply): Message {
  return {
    id: `msg_${randomUUID().replaceAll('-', '').slice(0, 24)}`,
    type: 'message',
    role: 'assistant',
    model: reply.model,
    content: [],
    container: null,
    diagnostics: null,
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    usage: usageOf(reply, 1),
  };
}

/** An answer without calls has a text, be it empty. */
function hasText({ text, toolCalls }: Reply): boolean {
  return text !== '' || toolCalls.length === 0;
}

function textBlock(text: string): TextBlock {
  return { type: 'text', text, citations: null };
}

function toolUseBlock({ id, name }: Reply['toolCalls'][number], input: unknown): ToolUseBlock {
  return { type: 'tool_use', id: `toolu_${id}`, name, input, caller: { type: 'direct' } };
}

/** Arguments that are no JSON stay a text, which the API itself would never send. */
function inputOf(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

function stopOf({ finish, stopSequence }: Reply) {
  return {
    stop_reason: stopReasons[finish],
    stop_sequence: stopSequence ?? null,
    stop_details:
      finish === 'refusal' ? ({ type: 'refusal', category: null, explanation: null } as const) : null,
  };
}

/** What was read from the cache, or written to it, is not part of `input_tokens`. */
function usageOf({ usage }: Reply, outputTokens: number): Usage {
  const { inputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  return {
    input_tokens: Math.max(0, inputTokens - cacheReadTokens - cacheWriteTokens),
    output_tokens: outputTokens,
    output_tokens_details: null,
    cache_creation_input_tokens: cacheWriteTokens,
    cache_read_input_tokens: cacheReadTokens,
    cache_creation: { ephemeral_5m_input_tokens: cacheWriteTokens, ephemeral_1h_input_tokens: 0 },
    inference_geo: null,
    server_tool_use: null,
    service_tier: 'standard',
    speed: null,
  };
}

function deltaUsage(reply: Reply): MessageDeltaUsage {
  const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens } = usageOf(
    reply,
    reply.usage.outputTokens,
  );
  return {
    input_tokens,
    output_tokens,
    cache_creation_input_tokens,
    cache_read_input_tokens,
    output_tokens_details: null,
    server_tool_use: null,
  };
}

function event(given: RawMessageStreamEvent): string {
  return `event: ${given.type}\ndata: ${JSON.stringify(given)}\n\n`;
}
