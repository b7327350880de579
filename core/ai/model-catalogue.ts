import type { Model, ModelFacts } from './model.js';

/** The platform's own model for trying things out; it answers from simple rules. */
export const demoModel = { provider: 'demo_model', model: 'demo' } as const;
export const demoEmbeddingModel = { provider: 'demo_model', model: 'demo-embedding' } as const;

const conversing = ['chat', 'tools', 'json_schema'] as const;
const free = { input: 0, cachedInput: 0, output: 0 };

/**
 * Models that are known without being entered, with list prices in US cents for a million tokens, as their vendors published them.
 * Organizations change what differs for them, and add others.
 */
export const knownModels: readonly Model[] = [
  chat('openai', 'gpt-5', 'GPT-5', [400_000, 128_000], [125, 12.5, 1000]),
  chat('openai', 'gpt-5-mini', 'GPT-5 mini', [400_000, 128_000], [25, 2.5, 200]),
  chat('openai', 'gpt-5-nano', 'GPT-5 nano', [400_000, 128_000], [5, 0.5, 40]),
  chat('openai', 'gpt-4.1', 'GPT-4.1', [1_047_576, 32_768], [200, 50, 800]),
  chat('openai', 'gpt-4.1-mini', 'GPT-4.1 mini', [1_047_576, 32_768], [40, 10, 160]),
  chat('openai', 'gpt-4.1-nano', 'GPT-4.1 nano', [1_047_576, 32_768], [10, 2.5, 40]),
  chat('openai', 'gpt-4o', 'GPT-4o', [128_000, 16_384], [250, 125, 1000]),
  chat('openai', 'gpt-4o-mini', 'GPT-4o mini', [128_000, 16_384], [15, 7.5, 60]),
  embedding('openai', 'text-embedding-3-small', 'Embedding 3 small', 8_191, 2),
  embedding('openai', 'text-embedding-3-large', 'Embedding 3 large', 8_191, 13),
  chat('anthropic', 'claude-opus-4-1', 'Claude Opus 4.1', [200_000, 32_000], [1500, 150, 7500]),
  chat('anthropic', 'claude-sonnet-4-5', 'Claude Sonnet 4.5', [200_000, 64_000], [300, 30, 1500]),
  chat('anthropic', 'claude-haiku-4-5', 'Claude Haiku 4.5', [200_000, 64_000], [100, 10, 500]),
  {
    ...demoModel,
    title: 'Demo model',
    contextTokens: 128_000,
    maxOutputTokens: 4_096,
    abilities: [...conversing],
    price: free,
  },
  {
    ...demoEmbeddingModel,
    title: 'Demo embedding',
    contextTokens: 8_192,
    maxOutputTokens: 0,
    abilities: ['embed'],
    price: free,
  },
];

function chat(
  provider: string,
  model: string,
  title: string,
  [contextTokens, maxOutputTokens]: readonly [number, number],
  [input, cachedInput, output]: readonly [number, number, number],
): Model {
  const facts: ModelFacts = {
    title,
    contextTokens,
    maxOutputTokens,
    abilities: [...conversing],
    price: { input, cachedInput, output },
  };
  return { provider, model, ...facts };
}

function embedding(
  provider: string,
  model: string,
  title: string,
  contextTokens: number,
  input: number,
): Model {
  const price = { input, cachedInput: input, output: 0 };
  return { provider, model, title, contextTokens, maxOutputTokens: 0, abilities: ['embed'], price };
}
