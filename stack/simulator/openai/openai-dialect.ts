import type { Dialect } from '../dialect.js';
import { chatChunks, chatCompletion } from './chat-reply.js';
import { readChatRequest } from './chat-request.js';
import { openAiError, openAiErrorEvent, openAiHeaders } from './openai-error.js';

/** Chat completions: https://platform.openai.com/docs/api-reference/chat */
export const openAiDialect: Dialect = {
  readConversation: readChatRequest,
  cachedPrefix: () => '',
  whole: chatCompletion,
  events: chatChunks,
  error: openAiError,
  errorEvent: openAiErrorEvent,
  headers: openAiHeaders,
};
