import type { Conversation } from './conversation.js';
import type { ModelError } from './model-error.js';
import type { Reply, Usage } from './reply.js';

export interface WireAnswer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/** A vendor's protocol for conversations: what differs between vendors, and nothing else. */
export interface Dialect {
  /** Reads a request's body. Throws ModelError that names the field. */
  readConversation(body: unknown): {
    conversation: Conversation;
    isStreamed: boolean;
    includesUsage: boolean;
  };
  /** Text before the point up to which the caller asks to keep the prompt in the cache; empty for none. */
  cachedPrefix(body: unknown): string;
  /** The answer in one piece. */
  whole(reply: Reply): unknown;
  /** The answer as server-sent events, each as it is written. */
  events(reply: Reply, includesUsage: boolean): Iterable<string>;
  /** An error that is told in the midst of a stream, as it is written. */
  errorEvent(error: ModelError, requestId: string): string;
  error(error: ModelError, requestId: string): WireAnswer;
  /** Headers of every answer. */
  headers(requestId: string): Record<string, string>;
}

export type CacheUsage = Pick<Usage, 'cacheReadTokens' | 'cacheWriteTokens'>;
