import { type ErrorCode, type ErrorIssue, errorTable, isErrorCode } from '#core/errors.js';

/** What went wrong with a call, in the words of the API (RFC 9457); `offline` where no answer came at all. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly code: ErrorCode | 'offline',
    message: string,
    readonly issues: readonly ErrorIssue[] = [],
    /** Milliseconds to wait before another try, where the API says so. */
    readonly retryAfterMs?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Reads the problem out of an answer that is none of success. */
export async function readProblem(response: Response): Promise<ApiError> {
  const problem: unknown = await response.json().catch(() => undefined);
  const { code, detail, issues } = fieldsOf(problem);
  const known = typeof code === 'string' && isErrorCode(code) ? code : 'internal';
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ApiError(
    known,
    typeof detail === 'string' ? detail : errorTable[known].title,
    Array.isArray(issues) ? issues.filter(isIssue) : [],
    Number.isFinite(seconds) ? seconds * 1000 : undefined,
  );
}

/** Any thrown value as an ApiError: what `fetch` throws means that nobody answered. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof TypeError) return new ApiError('offline', 'WorkSynapse could not be reached');
  return new ApiError('internal', errorTable.internal.title, []);
}

/** What to tell a person, as a sentence. */
export function messageOf(error: unknown): string {
  const { code, message, retryAfterMs } = toApiError(error);
  if (code === 'limit_exceeded' && retryAfterMs !== undefined) {
    return `${message}. Try again in ${inWords(retryAfterMs)}.`;
  }
  return message;
}

function inWords(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 90) return `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
  return `${Math.ceil(seconds / 60)} minutes`;
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function isIssue(value: unknown): value is ErrorIssue {
  const { path, message } = fieldsOf(value);
  return typeof path === 'string' && typeof message === 'string';
}
