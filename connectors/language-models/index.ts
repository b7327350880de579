import type { z } from 'zod';
import type { ConnectorContext } from '#core/connector.js';
import { defineConnector } from '#core/connector.js';
import { anthropicModels } from './anthropic-models.js';
import { CompatibleConfig, configAt, KeySecret, type ModelContext, OptionalKeySecret } from './connection.js';
import { countModels } from './count-models.js';
import { openAiModels } from './openai-models.js';

export const openai = defineConnector({
  name: 'openai',
  title: 'OpenAI',
  description: 'Language models of OpenAI, with a key of your own.',
  config: configAt('https://api.openai.com/v1'),
  auth: { kind: 'token', secret: KeySecret },
  actions: [],
  triggers: [],
  models: openAiModels('OpenAI'),
  test: (context) => countModels(context, 'OpenAI', bearer(context)),
});

export const anthropic = defineConnector({
  name: 'anthropic',
  title: 'Anthropic',
  description: 'Language models of Anthropic, with a key of your own.',
  config: configAt('https://api.anthropic.com'),
  auth: { kind: 'token', secret: KeySecret },
  actions: [],
  triggers: [],
  models: anthropicModels,
  test: (context) =>
    countModels(context, 'Anthropic', {
      path: '/v1/models',
      headers: { 'x-api-key': context.secret.apiKey, 'anthropic-version': '2023-06-01' },
    }),
});

export const openAiCompatible = defineConnector({
  name: 'openai_compatible',
  title: 'OpenAI-compatible server',
  description: "Any server that speaks OpenAI's protocol: Azure OpenAI, Ollama, OpenRouter, vLLM, LM Studio.",
  config: CompatibleConfig,
  auth: { kind: 'token', secret: OptionalKeySecret },
  actions: [],
  triggers: [],
  models: openAiModels('The server'),
  test: (context) => countModels(context, 'The server', bearer(context)),
});

/** The platform's own model, for trying things out. It has no connections: where it is, the operator says. */
export const demoModels = defineConnector({
  name: 'demo_model',
  title: 'Demo model',
  description: 'A small model of the platform that answers from simple rules, for trying things out.',
  config: CompatibleConfig,
  auth: { kind: 'none' },
  actions: [],
  triggers: [],
  models: openAiModels('The demo model'),
  isOfPlatform: true,
  test: (context: ConnectorContext<z.output<typeof CompatibleConfig>>) =>
    countModels(context as ModelContext, 'The demo model', bearer(context as ModelContext)),
});

function bearer({ secret }: ModelContext): { path: string; headers: Record<string, string> } {
  return {
    path: '/models',
    headers: secret?.apiKey === undefined ? {} : { authorization: `Bearer ${secret.apiKey}` },
  };
}
