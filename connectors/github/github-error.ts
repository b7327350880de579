import { z } from 'zod';
import { AppError, type ErrorIssue } from '#core/errors.js';

/** What @octokit/request throws for an answer that is no success. */
const HttpError = z.object({
  status: z.number(),
  message: z.string(),
  response: z.object({ headers: z.record(z.string(), z.unknown()), data: z.unknown() }),
});

/** https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#validation-failed */
const ErrorBody = z.object({
  message: z.string().catch(''),
  errors: z
    .array(
      z.looseObject({
        field: z.string().optional(),
        code: z.string().optional(),
        message: z.string().optional(),
      }),
    )
    .catch([]),
});

/** Any failure of a call to GitHub as an AppError. */
export function toGitHubError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof Error && error.cause instanceof AppError) return error.cause;
  const http = HttpError.safeParse(error);
  if (!http.success) return new AppError('provider_unavailable', 'GitHub did not answer.', { cause: error });
  const { status, response } = http.data;
  const body = ErrorBody.catch({ message: '', errors: [] }).parse(response.data);
  const says = body.message
    ? `GitHub says: ${body.message.slice(0, 300)}`
    : `GitHub answered with status ${status}.`;
  const header = (name: string) =>
    response.headers[name] === undefined ? undefined : String(response.headers[name]);

  if (isRateLimit(status, header, body.message)) {
    const retryAfterMs = waitBeforeRetry(header);
    return new AppError(
      'limit_exceeded',
      'GitHub limits how often it may be called; it will be tried again.',
      {
        retryAfterMs,
        cause: error,
      },
    );
  }
  switch (status) {
    case 401:
      return new AppError('credentials_expired', 'GitHub no longer accepts the token of this connection.');
    case 403:
      return new AppError('forbidden', says);
    case 404:
      return new AppError(
        'not_found',
        'GitHub has no such repository or issue, or the token may not see it.',
      );
    case 409:
      return new AppError('conflict', says);
    default:
      if (status >= 500 || status < 400) return new AppError('provider_unavailable', says, { cause: error });
      return new AppError('validation', says, { issues: body.errors.map(toIssue) });
  }
}

type HeaderReader = (name: string) => string | undefined;

/** https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api: 403 or 429, primary or secondary. */
function isRateLimit(status: number, header: HeaderReader, message: string): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return (
    header('retry-after') !== undefined ||
    header('x-ratelimit-remaining') === '0' ||
    /rate limit/i.test(message)
  );
}

function waitBeforeRetry(header: HeaderReader): number {
  const retryAfterSeconds = Number(header('retry-after'));
  if (retryAfterSeconds > 0) return retryAfterSeconds * 1000;
  const resetsAtSeconds = Number(header('x-ratelimit-reset'));
  if (resetsAtSeconds > 0) return Math.max(1000, resetsAtSeconds * 1000 - Date.now());
  // GitHub asks for at least a minute where it names no time.
  return 60_000;
}

function toIssue(error: {
  field?: string | undefined;
  code?: string | undefined;
  message?: string | undefined;
}): ErrorIssue {
  return { path: error.field ?? '', message: error.message ?? error.code ?? 'is not valid' };
}
