import { ChatOpenAICompletions } from '@langchain/openai';
import OpenAI from 'openai';
import type { CompletionRequest, ModelProvider } from '#core/ai/model-provider.js';
import type { ModelContext } from './connection.js';
import { toModelError } from './model-error.js';
import { streamReply } from './stream-reply.js';

/** A server of one's own asks for none, but the client wants one. */
const noKey = 'none';
/** What the client would log holds prompts and replies. */
const logLevel = 'off';

/** Models behind OpenAI's chat completions and embeddings, at OpenAI or elsewhere. */
export function openAiModels(provider: string): ModelProvider {
  return {
    complete(context, request) {
      const model = clientOf(context as ModelContext, request);
      return streamReply(model, request, { provider, signal: context.signal, options: optionsOf(request) });
    },
    async embed(context, { model, texts }) {
      const { config, secret, fetch, signal } = context as ModelContext;
      const { baseUrl: baseURL } = config;
      const client = new OpenAI({ apiKey: secret?.apiKey ?? noKey, baseURL, fetch, maxRetries: 0, logLevel });
      try {
        const { data, usage } = await client.embeddings.create({ model, input: [...texts] }, { signal });
        const inOrder = data.toSorted((one, other) => one.index - other.index);
        return { vectors: inOrder.map(({ embedding }) => embedding), inputTokens: usage.prompt_tokens };
      } catch (error) {
        throw toModelError(provider, error, signal);
      }
    },
  };
}

function clientOf(
  { config, secret, stream }: ModelContext,
  request: CompletionRequest,
): ChatOpenAICompletions {
  return new ChatOpenAICompletions({
    model: request.model,
    apiKey: secret?.apiKey ?? noKey,
    maxRetries: 0,
    maxTokens: request.maxOutputTokens,
    streamUsage: true,
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    // A refusal is in no other place.
    __includeRawResponse: true,
    configuration: { baseURL: config.baseUrl, fetch: stream, logLevel },
  });
}

function optionsOf({ tools = [], toolChoice, outputSchema }: CompletionRequest): Record<string, unknown> {
  return {
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, inputSchema }) => ({
        type: 'function',
        function: { name, description, parameters: inputSchema },
      })),
      ...(toolChoice !== undefined && { tool_choice: choiceOf(toolChoice) }),
    }),
    ...(outputSchema && {
      response_format: { type: 'json_schema', json_schema: { name: 'reply', schema: outputSchema } },
    }),
  };
}

function choiceOf(choice: NonNullable<CompletionRequest['toolChoice']>): unknown {
  return typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } };
}
