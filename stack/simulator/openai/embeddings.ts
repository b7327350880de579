import type { CreateEmbeddingResponse } from 'openai/resources/embeddings';
import { z } from 'zod';
import { countTokens } from '../count-tokens.js';
import { embed } from '../embed.js';
import { ModelError } from '../model-error.js';
import { readBody } from '../read-body.js';

export const defaultDimensions = 1536;
const maxInputs = 2048;
const maxTokensOfInput = 8192;

const EmbeddingRequest = z.looseObject({
  model: z.string().min(1),
  input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(maxInputs)]),
  encoding_format: z.enum(['float', 'base64']).default('float'),
  dimensions: z.number().int().min(8).max(3072).default(defaultDimensions),
});

/** The model that a request for vectors names. */
export function embeddingModel(body: unknown): string {
  return readBody(EmbeddingRequest, body).model;
}

/** Answers `POST /v1/embeddings`. Throws ModelError for an input that is too long. */
export function createEmbeddings(body: unknown): CreateEmbeddingResponse {
  const request = readBody(EmbeddingRequest, body);
  const { dimensions, encoding_format: encoding, model } = request;
  const inputs = typeof request.input === 'string' ? [request.input] : request.input;
  const counts = inputs.map(countTokens);
  const longest = Math.max(...counts);
  if (longest > maxTokensOfInput) {
    throw new ModelError(
      'context_length',
      `This model's maximum context length is ${maxTokensOfInput} tokens, however you requested ${longest} tokens.`,
      { param: 'input' },
    );
  }
  const tokens = counts.reduce((sum, count) => sum + count, 0);
  return {
    object: 'list',
    model,
    data: inputs.map((input, index) => {
      const vector = embed(input, dimensions);
      // The client's type knows decoded vectors only.
      const embedding = (encoding === 'base64' ? base64Of(vector) : vector) as number[];
      return { object: 'embedding', index, embedding };
    }),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** 32-bit floats, little-endian. */
function base64Of(vector: readonly number[]): string {
  return Buffer.from(new Float32Array(vector).buffer).toString('base64');
}
