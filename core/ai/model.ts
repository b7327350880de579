import { z } from 'zod';

/** What a model can do: converse, call tools, keep to a JSON schema, embed texts. */
export const modelAbilities = ['chat', 'tools', 'json_schema', 'embed'] as const;

const price = z.number().min(0).max(1_000_000).multipleOf(0.0001);

/** What a model costs: minor units (cents) for a million tokens. */
export const ModelPrice = z.strictObject({
  input: price,
  /** Input that the provider had in its cache. */
  cachedInput: price,
  output: price,
});

export type ModelPrice = z.output<typeof ModelPrice>;

/** What is to be known of a model before it is asked. */
export const ModelFacts = z.strictObject({
  title: z.string().trim().min(1).max(200),
  /** Tokens of input and output together. */
  contextTokens: z.int().min(1).max(100_000_000),
  /** Tokens of one reply; 0 for one that only embeds. */
  maxOutputTokens: z.int().min(0).max(10_000_000),
  abilities: z.array(z.enum(modelAbilities)).min(1),
  price: ModelPrice,
});

export type ModelFacts = z.output<typeof ModelFacts>;

/** A model: whose, and by which name there. */
export interface ModelName {
  /** Name of the connector. */
  provider: string;
  model: string;
}

export type Model = ModelName & ModelFacts;

/** What models are chosen for: conversation, reading out of text, embedding, planning. */
export const modelPurposes = ['chat', 'extract', 'embed', 'plan'] as const;

export type ModelPurpose = (typeof modelPurposes)[number];

/** The ability without which a model is of no use for it. */
export const abilityFor: Readonly<Record<ModelPurpose, ModelFacts['abilities'][number]>> = {
  chat: 'chat',
  extract: 'chat',
  embed: 'embed',
  plan: 'chat',
};
