import assert from 'node:assert/strict';
import { AppError, type ErrorCode } from '#core/errors.js';

/** Waits for a promise to fail with the code and, where given, with an issue at the path. Returns the error. */
export async function assertRefused(
  promise: Promise<unknown>,
  code: ErrorCode,
  path?: string,
): Promise<AppError> {
  const error = await promise.then(
    () => assert.fail(`should have been refused with ${code}`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw error;
  assert.equal(error.code, code, error.message);
  if (path !== undefined) {
    assert.ok(
      error.issues.some((issue) => issue.path === path),
      `an issue at ${path} in ${JSON.stringify(error.issues)}`,
    );
  }
  return error;
}
