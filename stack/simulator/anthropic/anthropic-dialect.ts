import type { Dialect } from '../dialect.js';
import { anthropicError, anthropicErrorEvent, anthropicHeaders } from './anthropic-error.js';
import { message, messageEvents } from './messages-reply.js';
import { cachedPrefixOf, readMessagesRequest } from './messages-request.js';

/** Messages: https://docs.anthropic.com/en/api/messages */
export const anthropicDialect: Dialect = {
  readConversation: readMessagesRequest,
  cachedPrefix: cachedPrefixOf,
  whole: message,
  events: messageEvents,
  error: anthropicError,
  errorEvent: anthropicErrorEvent,
  headers: anthropicHeaders,
};
