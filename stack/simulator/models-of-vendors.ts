import type { ModelInfo } from '@anthropic-ai/sdk/resources/models';
import type { Model } from 'openai/resources/models';
import { contextTokens, type ListedModel, modelsCreatedAt } from './models.js';

const createdSeconds = Date.parse(modelsCreatedAt) / 1000;

export function openAiModels(models: readonly ListedModel[]) {
  return { object: 'list', data: models.map(openAiModel) };
}

export function openAiModel({ id }: ListedModel): Model {
  return { id, object: 'model', created: createdSeconds, owned_by: 'simulator' };
}

export function anthropicModels(models: readonly ListedModel[]) {
  return {
    data: models.map(anthropicModel),
    has_more: false,
    first_id: models[0]?.id ?? null,
    last_id: models.at(-1)?.id ?? null,
  };
}

export function anthropicModel({ id, title }: ListedModel): ModelInfo {
  return {
    id,
    type: 'model',
    display_name: title,
    created_at: modelsCreatedAt,
    capabilities: null,
    deprecated_at: null,
    lifecycle: 'active',
    line: null,
    max_input_tokens: contextTokens,
    max_tokens: contextTokens,
    retires_at: null,
  };
}
