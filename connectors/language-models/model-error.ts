import { AppError, invalidField } from '#core/errors.js';

/** What is known of an answer that refuses. */
export interface Refusal {
  status: number;
  headers?: Headers | undefined;
  /** What the provider says of it; it may repeat parts of the request, so it is for us only. */
  message?: string | undefined;
  /** The provider's name for it. */
  code?: string | undefined;
}

/** Any failure of a call to a model as an AppError. `signal`'s reason where that was aborted. */
export function toModelError(provider: string, error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  for (let one = error; one instanceof Error; one = one.cause) {
    if (one instanceof AppError) return one;
    const refusal = readRefusal(one);
    if (refusal) return statusError(provider, refusal, error);
  }
  if (error instanceof Error && error.name === 'ContextOverflowError') return tooLong(provider);
  return new AppError('provider_unavailable', `${provider} did not answer as it should`, { cause: error });
}

/** An answer that refuses, by its status. OpenAI: platform.openai.com/docs/guides/error-codes; Anthropic: docs.anthropic.com/en/api/errors. */
export function statusError(
  provider: string,
  { status, headers, message = '', code = '' }: Refusal,
  cause?: unknown,
): AppError {
  if (status === 401)
    return new AppError('credentials_expired', `${provider} does not take the key of this connection`);
  if (code === 'insufficient_quota' || status === 402)
    return new AppError('forbidden', `The account at ${provider} has no credit left`);
  if (status === 403) return new AppError('forbidden', `${provider} does not allow this key to do that`);
  if (status === 404) return invalidField({ path: 'model', message: `${provider} does not know this model` });
  if (isTooLong(code, message)) return tooLong(provider);
  if (status === 429) {
    return new AppError('limit_exceeded', `${provider} limits how often it may be called`, {
      retryAfterMs: retryAfterMs(headers) ?? 1_000,
    });
  }
  const details = { cause, ...withWait(retryAfterMs(headers)) };
  if (status >= 500 || status === 408 || status === 409)
    return new AppError('provider_unavailable', `${provider} is out of order (${status})`, details);
  return new AppError('validation', `${provider} does not take this request (${status})`, { cause });
}

function tooLong(provider: string): AppError {
  return new AppError('validation', `The conversation is longer than ${provider} takes for this model`, {
    issues: [{ path: 'messages', message: 'is longer than the model takes' }],
  });
}

function isTooLong(code: string, message: string): boolean {
  return code === 'context_length_exceeded' || /maximum context length|prompt is too long/i.test(message);
}

/** The clients of both vendors throw errors with these fields. */
function readRefusal(error: Error): Refusal | undefined {
  const { status, headers, code } = error as { status?: unknown; headers?: unknown; code?: unknown };
  if (typeof status !== 'number') return undefined;
  return {
    status,
    headers: headers instanceof Headers ? headers : undefined,
    message: error.message,
    code: typeof code === 'string' ? code : undefined,
  };
}

/** RFC 9110 §10.2.3: seconds or a date; `retry-after-ms` is OpenAI's own. */
function retryAfterMs(headers: Headers | undefined): number | undefined {
  const exact = Number(headers?.get('retry-after-ms') ?? Number.NaN);
  if (exact > 0) return exact;
  const given = headers?.get('retry-after');
  if (!given) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(given) ? Number(given) * 1000 : Date.parse(given) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

function withWait(ms: number | undefined): { retryAfterMs?: number } {
  return ms === undefined ? {} : { retryAfterMs: ms };
}
