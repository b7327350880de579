import type { WireAnswer } from '../dialect.js';
import type { ModelError, ModelErrorKind } from '../model-error.js';

/** Status, `type` and `code` as https://platform.openai.com/docs/guides/error-codes has them. */
const shapes: Record<ModelErrorKind, { status: number; type: string; code: string | null }> = {
  invalid_request: { status: 400, type: 'invalid_request_error', code: null },
  unauthenticated: { status: 401, type: 'invalid_request_error', code: 'invalid_api_key' },
  not_found: { status: 404, type: 'invalid_request_error', code: 'unknown_url' },
  model_not_found: { status: 404, type: 'invalid_request_error', code: 'model_not_found' },
  too_large: { status: 413, type: 'invalid_request_error', code: 'request_too_large' },
  rate_limited: { status: 429, type: 'requests', code: 'rate_limit_exceeded' },
  context_length: { status: 400, type: 'invalid_request_error', code: 'context_length_exceeded' },
  server_error: { status: 500, type: 'server_error', code: null },
  overloaded: { status: 503, type: 'server_error', code: null },
};

export function openAiError(error: ModelError, requestId: string): WireAnswer {
  const { retryAfterSeconds } = error;
  return {
    status: shapes[error.kind].status,
    headers: {
      ...openAiHeaders(requestId),
      ...(retryAfterSeconds !== undefined && {
        'retry-after': String(Math.ceil(retryAfterSeconds)),
        'retry-after-ms': String(Math.round(retryAfterSeconds * 1000)),
      }),
    },
    body: errorBody(error),
  };
}

export function openAiErrorEvent(error: ModelError): string {
  return `data: ${JSON.stringify(errorBody(error))}\n\n`;
}

export function openAiHeaders(requestId: string): Record<string, string> {
  return {
    'x-request-id': requestId,
    'openai-version': '2020-10-01',
    'openai-organization': 'simulator',
    'openai-processing-ms': '1',
  };
}

function errorBody({ kind, message, param }: ModelError) {
  const { type, code } = shapes[kind];
  return { error: { message, type, param: param ?? null, code } };
}
