import type { ConnectorContext } from '../connector.js';
import type { JsonSchema } from '../expression/json-schema-types.js';
import type { ModelMessage, ToolCall } from './message.js';

/** A tool as a model is told of it. */
export interface ToolDescription {
  /** Letters, digits, `_` and `-`, at most 64. */
  name: string;
  description: string;
  /** Of its arguments; an object. */
  inputSchema: JsonSchema;
}

/** What is asked of a model. */
export interface CompletionRequest {
  /** By the provider's name. */
  model: string;
  messages: readonly ModelMessage[];
  tools?: readonly ToolDescription[];
  /** `auto` unless given; a name makes it call that tool. */
  toolChoice?: 'auto' | 'required' | 'none' | { name: string };
  /** The reply is to be JSON of this schema; only for models that are able to. */
  outputSchema?: JsonSchema;
  maxOutputTokens: number;
  /** 0 to 2; the provider's own unless given. */
  temperature?: number;
}

/** Tokens as the provider counted them. */
export interface TokenUsage {
  /** Those from its cache among them. */
  inputTokens: number;
  cachedInputTokens: number;
  outputTokens: number;
}

/** Why a model stopped: it was done, was cut off, wants tools called, or would not answer. */
export type StopReason = 'end' | 'length' | 'tool_calls' | 'refusal';

export interface CompletionReply {
  text: string;
  toolCalls: readonly ToolCall[];
  stopReason: StopReason;
  usage: TokenUsage;
}

export interface EmbeddingRequest {
  model: string;
  /** None empty. */
  texts: readonly string[];
}

export interface EmbeddingReply {
  /** One for each text, in their order. */
  vectors: readonly (readonly number[])[];
  inputTokens: number;
}

/**
 * How the models behind a connector are asked. Nothing is tried again here. Both throw AppError: `credentials_expired`,
 * `limit_exceeded` with the time to wait, `provider_unavailable`, `validation` for what the provider does not take; and the signal's
 * reason when it is aborted.
 */
export interface ModelProvider {
  /** Yields the reply's text as it comes, an empty one for a piece of something else, and returns the whole of it. */
  complete(
    context: ConnectorContext,
    request: CompletionRequest,
  ): AsyncGenerator<string, CompletionReply, undefined>;
  /** Undefined where the provider has no models for it. */
  embed?(context: ConnectorContext, request: EmbeddingRequest): Promise<EmbeddingReply>;
}
