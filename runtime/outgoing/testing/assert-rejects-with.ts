import assert from 'node:assert/strict';
import { AppError, type ErrorCode } from '#core/errors.js';

/** Passes when the promise rejects with an AppError of this code. */
export async function assertRejectsWith(promise: Promise<unknown>, code: ErrorCode): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.code, code, error.message);
    return true;
  });
}
