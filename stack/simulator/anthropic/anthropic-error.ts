import type { WireAnswer } from '../dialect.js';
import type { ModelError, ModelErrorKind } from '../model-error.js';

/** Status and type as https://docs.anthropic.com/en/api/errors has them. */
const shapes: Record<ModelErrorKind, { status: number; type: string }> = {
  invalid_request: { status: 400, type: 'invalid_request_error' },
  unauthenticated: { status: 401, type: 'authentication_error' },
  not_found: { status: 404, type: 'not_found_error' },
  model_not_found: { status: 404, type: 'not_found_error' },
  too_large: { status: 413, type: 'request_too_large' },
  rate_limited: { status: 429, type: 'rate_limit_error' },
  context_length: { status: 400, type: 'invalid_request_error' },
  server_error: { status: 500, type: 'api_error' },
  overloaded: { status: 529, type: 'overloaded_error' },
};

export function anthropicError(error: ModelError, requestId: string): WireAnswer {
  const { kind, retryAfterSeconds } = error;
  return {
    status: shapes[kind].status,
    headers: {
      ...anthropicHeaders(requestId),
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(Math.ceil(retryAfterSeconds)) }),
    },
    body: errorBody(error, requestId),
  };
}

export function anthropicErrorEvent(error: ModelError, requestId: string): string {
  return `event: error\ndata: ${JSON.stringify(errorBody(error, requestId))}\n\n`;
}

export function anthropicHeaders(requestId: string): Record<string, string> {
  return { 'request-id': requestId, 'anthropic-organization-id': 'simulator' };
}

function errorBody({ kind, message }: ModelError, requestId: string) {
  return { type: 'error', error: { type: shapes[kind].type, message }, request_id: requestId };
}
