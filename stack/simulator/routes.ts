import { answerConversation, contextTooLong, throwFailure } from './answer-conversation.js';
import { anthropicDialect } from './anthropic/anthropic-dialect.js';
import { readCountRequest } from './anthropic/messages-request.js';
import { checkKey } from './check-key.js';
import { countInputTokens } from './count-tokens.js';
import type { Dialect } from './dialect.js';
import type { Exchange } from './exchange.js';
import { ModelError } from './model-error.js';
import { contextTokens, embeddingModelName, listModels, modelNotFound } from './models.js';
import { anthropicModel, anthropicModels, openAiModel, openAiModels } from './models-of-vendors.js';
import { createEmbeddings, embeddingModel } from './openai/embeddings.js';
import { openAiDialect } from './openai/openai-dialect.js';
import type { Models } from './persona-models.js';
import type { PromptCache } from './prompt-cache.js';
import { shapeReply } from './reply.js';
import type { SeenRequests } from './seen-requests.js';

export interface Simulator {
  models: Models;
  cache: PromptCache;
  seen: SeenRequests;
  key: string;
  isForTests: boolean;
}

/** Answers a request of either vendor's API; errors have the shape of the vendor whose they are. */
export async function answer(simulator: Simulator, exchange: Exchange): Promise<void> {
  const isAnthropic =
    exchange.header('anthropic-version') !== undefined || exchange.path.startsWith('/v1/messages');
  const dialect = isAnthropic ? anthropicDialect : openAiDialect;
  try {
    checkKey(exchange, simulator.key, isAnthropic);
    await route(simulator, exchange, dialect);
  } catch (error) {
    if (exchange.signal.aborted) return;
    const known =
      error instanceof ModelError
        ? error
        : new ModelError('server_error', 'The simulator had an error of its own.');
    if (known !== error) console.error(error);
    exchange.sendError(dialect, known);
  }
}

async function route(simulator: Simulator, exchange: Exchange, dialect: Dialect): Promise<void> {
  const { path, method } = exchange;
  if (method === 'POST' && path === '/v1/chat/completions')
    return await converse(simulator, exchange, dialect);
  if (method === 'POST' && path === '/v1/messages') {
    requireVersion(exchange);
    return await converse(simulator, exchange, dialect);
  }
  if (method === 'POST' && path === '/v1/messages/count_tokens') {
    requireVersion(exchange);
    const conversation = readCountRequest(await exchange.readJson());
    simulator.models.require(conversation.model);
    return send(exchange, dialect, { input_tokens: countInputTokens(conversation) });
  }
  if (method === 'POST' && path === '/v1/embeddings') return await embed(simulator, exchange, dialect);
  if (method === 'GET' && /^\/v1\/models(?:\/|$)/.test(path)) return tellModels(simulator, exchange, dialect);
  throw new ModelError('not_found', `Invalid URL (${method} ${path})`);
}

async function converse(simulator: Simulator, exchange: Exchange, dialect: Dialect): Promise<void> {
  const body = await exchange.readJson();
  const { conversation, ...streamed } = dialect.readConversation(body);
  const { model } = conversation;
  exchange.seen.model = model;
  simulator.seen.changed();
  const ordered = simulator.models.takeFailure(model);
  throwFailure(ordered);
  const said = simulator.models.reply(conversation);
  const failure = ordered ?? said.failure;
  const tokens = countInputTokens(conversation);
  if (tokens > contextTokens) throw contextTooLong(tokens, contextTokens);
  const cache = simulator.cache.use(dialect.cachedPrefix(body));
  const reply = shapeReply(conversation, { ...said, failure }, cache);
  await answerConversation(exchange, dialect, reply, failure, streamed);
}

async function embed(simulator: Simulator, exchange: Exchange, dialect: Dialect): Promise<void> {
  const body = await exchange.readJson();
  const model = embeddingModel(body);
  exchange.seen.model = model;
  simulator.seen.changed();
  const failure = simulator.models.takeFailure(model);
  throwFailure(failure);
  if (model !== embeddingModelName) throw modelNotFound(model);
  if (failure?.kind === 'hang') return await exchange.hang();
  if (failure?.kind === 'slow') await exchange.pause(failure.firstTokenMs);
  const text = JSON.stringify(createEmbeddings(body));
  const headers = dialect.headers(exchange.requestId);
  if (failure?.kind === 'cut_stream') return exchange.sendHalf(headers, text);
  exchange.sendText(200, headers, failure?.kind === 'malformed_json' ? text.slice(0, -20) : text);
}

function tellModels({ models, isForTests }: Simulator, exchange: Exchange, dialect: Dialect): void {
  const listed = listModels(models.scriptNames, isForTests);
  const name = decodeURIComponent(exchange.path.slice('/v1/models'.length).replace(/^\//, ''));
  const isAnthropic = dialect === anthropicDialect;
  if (name === '') {
    send(exchange, dialect, isAnthropic ? anthropicModels(listed) : openAiModels(listed));
    return;
  }
  const model = listed.find(({ id }) => id === name);
  if (!model) throw modelNotFound(name);
  send(exchange, dialect, isAnthropic ? anthropicModel(model) : openAiModel(model));
}

function requireVersion(exchange: Exchange): void {
  if (exchange.header('anthropic-version') !== undefined) return;
  throw new ModelError('invalid_request', 'anthropic-version: header is required');
}

function send(exchange: Exchange, dialect: Dialect, body: unknown): void {
  exchange.sendJson({ status: 200, headers: dialect.headers(exchange.requestId), body });
}
