import { z } from 'zod';
import type { Conversation, Part, ToolChoice, Turn } from '../conversation.js';
import { ModelError } from '../model-error.js';
import { readBody } from '../read-body.js';

const Content = z.union([
  z.string(),
  z
    .array(z.looseObject({ type: z.string(), text: z.string().optional(), refusal: z.string().optional() }))
    .min(1),
]);

const ToolName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, "does not match pattern '^[a-zA-Z0-9_-]{1,64}$'");

const Message = z.discriminatedUnion('role', [
  z.looseObject({ role: z.literal('system'), content: Content }),
  z.looseObject({ role: z.literal('developer'), content: Content }),
  z.looseObject({ role: z.literal('user'), content: Content }),
  z.looseObject({
    role: z.literal('assistant'),
    content: Content.nullish(),
    tool_calls: z
      .array(
        z.looseObject({
          id: z.string().min(1),
          type: z.literal('function'),
          function: z.object({ name: ToolName, arguments: z.string() }),
        }),
      )
      .optional(),
  }),
  z.looseObject({ role: z.literal('tool'), content: Content, tool_call_id: z.string().min(1) }),
]);

type Message = z.output<typeof Message>;

const ChatRequest = z.looseObject({
  model: z.string().min(1),
  messages: z.array(Message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  max_tokens: z.number().int().min(1).nullish(),
  max_completion_tokens: z.number().int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  n: z.literal(1).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  tools: z
    .array(
      z.looseObject({
        type: z.literal('function'),
        function: z.looseObject({
          name: ToolName,
          description: z.string().optional(),
          parameters: z.record(z.string(), z.unknown()).optional(),
        }),
      }),
    )
    .max(128)
    .optional(),
  tool_choice: z
    .union([
      z.enum(['none', 'auto', 'required']),
      z.object({ type: z.literal('function'), function: z.object({ name: z.string() }) }),
    ])
    .optional(),
  parallel_tool_calls: z.boolean().optional(),
  response_format: z
    .discriminatedUnion('type', [
      z.looseObject({ type: z.literal('text') }),
      z.looseObject({ type: z.literal('json_object') }),
      z.looseObject({
        type: z.literal('json_schema'),
        json_schema: z.looseObject({
          name: ToolName,
          schema: z.record(z.string(), z.unknown()).default({}),
        }),
      }),
    ])
    .optional(),
});

type ChatRequest = z.output<typeof ChatRequest>;

/** Reads the body of `POST /v1/chat/completions`. Throws ModelError as OpenAI refuses what it does not take. */
export function readChatRequest(body: unknown): {
  conversation: Conversation;
  isStreamed: boolean;
  includesUsage: boolean;
} {
  const request = readBody(ChatRequest, body);
  checkToolMessages(request.messages);
  const systems = request.messages.filter(({ role }) => role === 'system' || role === 'developer');
  const conversation: Conversation = {
    model: request.model,
    system: systems.map(({ content }) => contentText(content)),
    turns: request.messages.flatMap(turnOf),
    tools: (request.tools ?? []).map(({ function: { name, description = '', parameters = {} } }) => ({
      name,
      description,
      schema: parameters,
    })),
    toolChoice: toolChoiceOf(request),
    parallelToolCalls: request.parallel_tool_calls ?? true,
    format: formatOf(request),
    maxTokens: request.max_completion_tokens ?? request.max_tokens ?? undefined,
    stop: typeof request.stop === 'string' ? [request.stop] : (request.stop ?? []),
  };
  return {
    conversation,
    isStreamed: request.stream ?? false,
    includesUsage: request.stream_options?.include_usage ?? false,
  };
}

function turnOf(message: Message): Turn[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', parts: [{ kind: 'text', text: contentText(message.content) }] }];
    case 'tool': {
      const { tool_call_id: callId, content } = message;
      return [
        { role: 'user', parts: [{ kind: 'toolResult', callId, text: contentText(content), isError: false }] },
      ];
    }
    case 'assistant': {
      const text = contentText(message.content);
      const said: Part[] = text === '' ? [] : [{ kind: 'text', text }];
      const calls: Part[] = (message.tool_calls ?? []).map(({ id, function: { name, arguments: json } }) => ({
        kind: 'toolCall',
        id,
        name,
        arguments: parsedOrText(json),
      }));
      return [{ role: 'assistant', parts: [...said, ...calls] }];
    }
    default:
      return [];
  }
}

/** Each call of a tool is followed by its result, before anything else, as OpenAI demands. */
function checkToolMessages(messages: readonly Message[]): void {
  let open = new Set<string>();
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') {
      if (open.delete(message.tool_call_id)) continue;
      throw new ModelError(
        'invalid_request',
        "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
        { param: `messages.[${index}].role` },
      );
    }
    requireAnswered(open, index);
    open = new Set(message.role === 'assistant' ? message.tool_calls?.map(({ id }) => id) : []);
  }
  requireAnswered(open, messages.length);
}

function requireAnswered(open: ReadonlySet<string>, index: number): void {
  if (open.size === 0) return;
  throw new ModelError(
    'invalid_request',
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. " +
      `The following tool_call_ids did not have response messages: ${[...open].join(', ')}`,
    { param: `messages.[${index}].role` },
  );
}

function toolChoiceOf({ tool_choice: choice, tools = [] }: ChatRequest): ToolChoice {
  if (choice !== undefined && choice !== 'none' && choice !== 'auto' && tools.length === 0) {
    throw new ModelError('invalid_request', "'tool_choice' is only allowed when 'tools' are specified.", {
      param: 'tool_choice',
    });
  }
  if (choice === undefined || choice === 'auto') return { kind: 'auto' };
  if (choice === 'none') return { kind: 'none' };
  if (choice === 'required') return { kind: 'any' };
  const { name } = choice.function;
  if (tools.some((tool) => tool.function.name === name)) return { kind: 'tool', name };
  throw new ModelError('invalid_request', `Tool choice '${name}' not found in 'tools' parameter.`, {
    param: 'tool_choice',
  });
}

function formatOf({ response_format: format }: ChatRequest): Conversation['format'] {
  if (format?.type === 'json_object') return { kind: 'object' };
  if (format?.type === 'json_schema') return { kind: 'schema', schema: format.json_schema.schema };
  return undefined;
}

function contentText(content: z.output<typeof Content> | null | undefined): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map(({ text, refusal }) => text ?? refusal ?? '').join('\n');
}

function parsedOrText(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
