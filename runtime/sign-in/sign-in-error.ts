import { AppError } from '#core/errors.js';

/**
 * An error on the way through a provider: our own as they are, everything else `unauthenticated` with what was wrong.
 * Libraries' messages name the claim or field, never its value; values are in the cause only.
 */
export function toSignInError(error: unknown): AppError {
  const known = appErrorIn(error);
  if (known) return known;
  if (isTimeout(error)) {
    return new AppError('provider_unavailable', 'The identity provider did not answer in time', {
      cause: error,
    });
  }
  const reason = error instanceof Error ? deepestOf(error).message : 'it could not be read';
  return new AppError('unauthenticated', `The identity provider's answer was refused: ${reason}`, {
    cause: error,
  });
}

function appErrorIn(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  return error instanceof Error ? appErrorIn(error.cause) : undefined;
}

function isTimeout(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'TimeoutError' || isTimeout(error.cause);
}

function deepestOf(error: Error): Error {
  return error.cause instanceof Error ? deepestOf(error.cause) : error;
}
