import { AppError } from '#core/errors.js';

const tooLarge = new Set(['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'ERR_BUFFER_TOO_LARGE']);
const badRequest = new Set(['UND_ERR_INVALID_ARG', 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH']);

/** Whatever went wrong while calling a host, as an AppError: the guard's own refusal, or `provider_unavailable`. */
export function toOutgoingError(error: unknown, host: string, maxResponseSize: number): AppError {
  const refusal = findAppError(error);
  if (refusal) return refusal;
  const code = errorCode(error);
  if (tooLarge.has(code)) {
    return new AppError('validation', `The answer of ${host} is larger than ${maxResponseSize} bytes.`);
  }
  if (badRequest.has(code)) {
    return new AppError('validation', `The request to ${host} has a header or body that cannot be sent.`, {
      cause: error,
    });
  }
  return new AppError('provider_unavailable', `${host} did not answer.`, { cause: error });
}

/** The sockets layer wraps what a lookup throws, several times when it tries several addresses. */
function findAppError(error: unknown, depth = 0): AppError | undefined {
  if (error instanceof AppError) return error;
  if (!(error instanceof Error) || depth > 5) return undefined;
  if (error instanceof AggregateError) {
    for (const one of error.errors) {
      const found = findAppError(one, depth + 1);
      if (found) return found;
    }
  }
  return findAppError(error.cause, depth + 1);
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
