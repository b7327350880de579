import { ChatAnthropic } from '@langchain/anthropic';
import type { CompletionReply, CompletionRequest, ModelProvider } from '#core/ai/model-provider.js';
import type { ModelContext } from './connection.js';
import { streamReply } from './stream-reply.js';

const provider = 'Anthropic';
/** Not one of the catalogue's, whose names have a domain. */
const replyTool = 'reply';

/** Models behind Anthropic's messages. It has none that embed. */
export const anthropicModels: ModelProvider = {
  complete(context, request) {
    const { config, secret, stream } = context as ModelContext;
    const model = new ChatAnthropic({
      model: request.model,
      anthropicApiKey: secret?.apiKey ?? '',
      anthropicApiUrl: config.baseUrl,
      maxRetries: 0,
      maxTokens: request.maxOutputTokens,
      streamUsage: true,
      ...(request.temperature !== undefined && { temperature: Math.min(1, request.temperature) }),
      // What the client would log holds prompts and replies.
      clientOptions: { fetch: stream, logLevel: 'off' },
    });
    const replies = streamReply(model, request, {
      provider,
      signal: context.signal,
      options: optionsOf(request),
    });
    return request.outputSchema ? replyOfTool(replies) : replies;
  },
};

/** A reply of a certain form is asked for as the arguments of a tool that has to be called. */
function optionsOf({ tools = [], toolChoice, outputSchema }: CompletionRequest): Record<string, unknown> {
  const offered = [
    ...tools.map(({ name, description, inputSchema }) => ({ name, description, input_schema: inputSchema })),
    ...(outputSchema
      ? [{ name: replyTool, description: 'Gives the reply.', input_schema: outputSchema }]
      : []),
  ];
  if (offered.length === 0) return {};
  const choice = outputSchema && tools.length === 0 ? { name: replyTool } : toolChoice;
  return { tools: offered, ...(choice !== undefined && { tool_choice: choiceOf(choice) }) };
}

function choiceOf(choice: NonNullable<CompletionRequest['toolChoice']>): unknown {
  if (typeof choice === 'object') return { type: 'tool', name: choice.name };
  return { type: choice === 'required' ? 'any' : choice };
}

async function* replyOfTool(
  replies: AsyncGenerator<string, CompletionReply, undefined>,
): AsyncGenerator<string, CompletionReply, undefined> {
  const reply = yield* replies;
  const given = reply.toolCalls.find(({ name }) => name === replyTool);
  if (!given) return reply;
  const toolCalls = reply.toolCalls.filter((call) => call !== given);
  return {
    ...reply,
    text: given.arguments,
    toolCalls,
    stopReason: toolCalls.length > 0 ? 'tool_calls' : 'end',
  };
}
