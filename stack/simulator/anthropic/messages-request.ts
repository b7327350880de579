import { z } from 'zod';
import type { Conversation, Part, ToolChoice, Turn } from '../conversation.js';
import { ModelError } from '../model-error.js';
import { readBody } from '../read-body.js';

const CacheControl = z.looseObject({ type: z.literal('ephemeral') }).nullish();
const TextBlock = z.object({ type: z.literal('text'), text: z.string(), cache_control: CacheControl });
const Text = z.union([z.string(), z.array(TextBlock)]);

const ToolName = z
  .string()
  .regex(/^[a-zA-Z0-9_-]{1,128}$/, "String should match pattern '^[a-zA-Z0-9_-]{1,128}$'");

const Block = z.discriminatedUnion('type', [
  TextBlock,
  z.object({
    type: z.literal('tool_use'),
    id: z.string().regex(/^[a-zA-Z0-9_-]+$/, "String should match pattern '^[a-zA-Z0-9_-]+$'"),
    name: ToolName,
    input: z.record(z.string(), z.unknown()),
    cache_control: CacheControl,
  }),
  z.object({
    type: z.literal('tool_result'),
    tool_use_id: z.string().min(1),
    content: z
      .union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))])
      .optional(),
    is_error: z.boolean().optional(),
    cache_control: CacheControl,
  }),
  z.object({ type: z.literal('image'), cache_control: CacheControl }),
  z.object({ type: z.literal('document'), cache_control: CacheControl }),
]);

type Block = z.output<typeof Block>;

const Message = z.looseObject({
  role: z.enum(['user', 'assistant']),
  content: z.union([z.string(), z.array(Block)]),
});

type Message = z.output<typeof Message>;

const Schema = z.record(z.string(), z.unknown());
const Format = z.looseObject({ type: z.literal('json_schema'), schema: Schema }).nullish();

const CountRequest = z.looseObject({
  model: z.string().min(1),
  messages: z.array(Message).min(1),
  system: Text.optional(),
  tools: z
    .array(
      z.looseObject({
        name: ToolName,
        description: z.string().optional(),
        input_schema: Schema.refine(({ type }) => type === 'object', "type should be 'object'"),
        cache_control: CacheControl,
      }),
    )
    .optional(),
  tool_choice: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('auto'), disable_parallel_tool_use: z.boolean().optional() }),
      z.object({ type: z.literal('any'), disable_parallel_tool_use: z.boolean().optional() }),
      z.object({
        type: z.literal('tool'),
        name: z.string(),
        disable_parallel_tool_use: z.boolean().optional(),
      }),
      z.object({ type: z.literal('none') }),
    ])
    .optional(),
  output_config: z.looseObject({ format: Format }).optional(),
});

const MessagesRequest = CountRequest.extend({
  max_tokens: z.number().int().min(1),
  stream: z.boolean().optional(),
  stop_sequences: z.array(z.string()).optional(),
  temperature: z.number().min(0).max(1).optional(),
});

type CountRequest = z.output<typeof CountRequest>;

/** Reads the body of `POST /v1/messages`. Throws ModelError as Anthropic refuses what it does not take. */
export function readMessagesRequest(body: unknown) {
  const request = readBody(MessagesRequest, body);
  const conversation: Conversation = {
    ...conversationOf(request),
    maxTokens: request.max_tokens,
    stop: request.stop_sequences ?? [],
  };
  return { conversation, isStreamed: request.stream ?? false, includesUsage: true };
}

/** Reads the body of `POST /v1/messages/count_tokens`. Throws as `readMessagesRequest`. */
export function readCountRequest(body: unknown): Conversation {
  return { ...conversationOf(readBody(CountRequest, body)), maxTokens: undefined, stop: [] };
}

/** All that stands before the last block with `cache_control`, as text; empty without one. */
export function cachedPrefixOf(body: unknown): string {
  const request = CountRequest.safeParse(body).data;
  if (!request) return '';
  const { tools = [], system = [], messages } = request;
  const blocks: (string | { cache_control?: unknown })[] = [
    ...tools,
    ...(typeof system === 'string' ? [system] : system),
    ...messages.flatMap(({ content }): (string | { cache_control?: unknown })[] =>
      typeof content === 'string' ? [content] : content,
    ),
  ];
  const last = blocks.findLastIndex((block) => typeof block !== 'string' && Boolean(block.cache_control));
  return last < 0 ? '' : JSON.stringify(blocks.slice(0, last + 1));
}

function conversationOf(request: CountRequest): Omit<Conversation, 'maxTokens' | 'stop'> {
  checkToolResults(request.messages);
  const { system = [], tools = [], tool_choice: choice } = request;
  const schema = request.output_config?.format?.schema;
  return {
    model: request.model,
    system: typeof system === 'string' ? [system] : system.map(({ text }) => text),
    turns: request.messages.map(turnOf),
    tools: tools.map(({ name, description = '', input_schema }) => ({
      name,
      description,
      schema: input_schema,
    })),
    toolChoice: toolChoiceOf(choice, tools),
    parallelToolCalls: !(choice && 'disable_parallel_tool_use' in choice && choice.disable_parallel_tool_use),
    format: schema && { kind: 'schema', schema },
  };
}

function toolChoiceOf(choice: CountRequest['tool_choice'], tools: readonly { name: string }[]): ToolChoice {
  if (choice === undefined || choice.type === 'none') return { kind: choice ? 'none' : 'auto' };
  if (choice.type !== 'tool') return { kind: choice.type };
  if (tools.some(({ name }) => name === choice.name)) return { kind: 'tool', name: choice.name };
  throw new ModelError('invalid_request', `Tool '${choice.name}' not found in provided tools`);
}

function turnOf({ role, content }: Message): Turn {
  if (typeof content === 'string') return { role, parts: [{ kind: 'text', text: content }] };
  return { role, parts: content.flatMap(partOf) };
}

function partOf(block: Block): Part[] {
  switch (block.type) {
    case 'text':
      return [{ kind: 'text', text: block.text }];
    case 'tool_use':
      return [{ kind: 'toolCall', id: block.id, name: block.name, arguments: block.input }];
    case 'tool_result': {
      const { tool_use_id: callId, content = '', is_error: isError = false } = block;
      const text = typeof content === 'string' ? content : content.map((one) => one.text ?? '').join('\n');
      return [{ kind: 'toolResult', callId, text, isError }];
    }
    default:
      return [];
  }
}

/** The message after uses of tools begins with the result of each, as Anthropic demands. */
function checkToolResults(messages: readonly Message[]): void {
  let open: string[] = [];
  for (const [index, { role, content }] of messages.entries()) {
    const blocks = typeof content === 'string' ? [] : content;
    const results = blocks.filter((block) => block.type === 'tool_result').map((block) => block.tool_use_id);
    const missing = open.filter((id) => !results.includes(id));
    if (missing.length > 0) {
      throw new ModelError(
        'invalid_request',
        `messages.${index - 1}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(', ')}. ` +
          'Each `tool_use` block must have a corresponding `tool_result` block in the next message.',
      );
    }
    const unknown = results.find((id) => !open.includes(id));
    if (unknown !== undefined) {
      throw new ModelError(
        'invalid_request',
        `messages.${index}.content: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${unknown}. ` +
          'Each `tool_result` block must have a corresponding `tool_use` block in the previous message.',
      );
    }
    const uses = blocks.filter((block) => block.type === 'tool_use').map(({ id }) => id);
    open = role === 'assistant' ? uses : [];
  }
  if (open.length === 0) return;
  throw new ModelError(
    'invalid_request',
    `messages.${messages.length - 1}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}.`,
  );
}
