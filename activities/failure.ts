import { ApplicationFailure } from '@temporalio/activity';
import { AppError, toErrorRecord } from '#core/errors.js';

/** Error codes of the PostgreSQL client and server that say "not there now", not "your statement is wrong". */
const outageCodes = /^(ECONN|EPIPE|ETIMEDOUT|CONNECTION_|CONNECT_TIMEOUT|08|57P0|53300|40001|40P01)/;

/** True if an outage of our own caused it: such errors are retried until it is over and use up no attempts. */
export function isOutage(error: unknown): boolean {
  for (let cause = error; cause instanceof Error && !(cause instanceof AppError); cause = cause.cause) {
    if ('code' in cause && outageCodes.test(String(cause.code))) return true;
  }
  return false;
}

function isSuspension(error: unknown): boolean {
  return error instanceof AppError && error.code === 'organization_suspended';
}

/** True if another attempt is useless or no longer allowed. What is suspended waits, however long. */
export function isFinalError(error: unknown, attempt: number, maxAttempts: number): boolean {
  if (isOutage(error) || isSuspension(error)) return false;
  const isRetryable = !(error instanceof AppError) || error.isRetryable;
  return !isRetryable || attempt >= maxAttempts;
}

/** The failure that the engine sees: the error's code as type, no stack, no text of errors that are not ours. */
export function toFailure(error: unknown, isFinal: boolean): ApplicationFailure {
  const { code, message, issues = [] } = toErrorRecord(error);
  const retryAfterMs = error instanceof AppError ? error.retryAfterMs : undefined;
  const failure = ApplicationFailure.create({
    type: code,
    message,
    details: [issues],
    nonRetryable: isFinal,
    ...(retryAfterMs !== undefined && !isFinal && { nextRetryDelay: retryAfterMs }),
  });
  // It would be kept in the history, and tells of this function only. The error itself is in the log.
  failure.stack = '';
  return failure;
}
