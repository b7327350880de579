import assert from 'node:assert/strict';
import { AppError, type ErrorCode, errorTable } from '#core/errors.js';
import { isFinalError, isOutage, toFailure } from './failure.js';

const codes = Object.keys(errorTable) as ErrorCode[];
const withCode = (code: string, cause?: unknown) =>
  Object.assign(new Error('secret text', { cause }), { code });

describe('an outage of our own', () => {
  it('is a lost database, a restart, a full server, or a transaction that lost against another', () => {
    for (const code of [
      'ECONNREFUSED',
      'ECONNRESET',
      'EPIPE',
      'ETIMEDOUT',
      'CONNECTION_ENDED',
      'CONNECTION_CLOSED',
      'CONNECT_TIMEOUT',
      '08006',
      '57P01',
      '57P03',
      '53300',
      '40001',
      '40P01',
    ]) {
      assert.equal(isOutage(withCode(code)), true, code);
      assert.equal(isOutage(new Error('Failed query', { cause: withCode(code) })), true, `wrapped ${code}`);
    }
  });

  it('is not a wrong statement, and nothing that a vendor does', () => {
    for (const error of [
      withCode('23505'),
      withCode('42P01'),
      new Error('plain'),
      'text',
      undefined,
      new AppError('provider_unavailable', 'Slack did not answer', { cause: withCode('ECONNREFUSED') }),
    ]) {
      assert.equal(isOutage(error), false, String(error));
    }
  });
});

describe('a final error', () => {
  it('is one that no attempt can change', () => {
    const finals = codes.filter((code) => isFinalError(new AppError(code, 'No'), 1, 5));
    assert.deepEqual(
      finals,
      codes.filter((code) => !errorTable[code].retryable),
    );
    assert.ok(finals.includes('validation') && !finals.includes('provider_unavailable'));
  });

  it('is never a suspension, however long that lasts', () => {
    const error = new AppError('organization_suspended', 'Unpaid', { retryAfterMs: 15_000 });
    assert.equal(isFinalError(error, 1_000, 1), false);
    assert.equal(toFailure(error, false).nextRetryDelay, 15_000);
  });

  it('is any error of the last attempt', () => {
    const error = new AppError('provider_unavailable', 'Slack did not answer');
    assert.deepEqual(
      [1, 2, 3, 4].map((attempt) => isFinalError(error, attempt, 3)),
      [false, false, true, true],
    );
    assert.equal(isFinalError(new Error('a bug'), 2, 3), false);
    assert.equal(isFinalError(new Error('a bug'), 3, 3), true);
  });

  it('is never an outage, however many attempts it takes', () => {
    assert.equal(isFinalError(withCode('ECONNREFUSED'), 1_000, 3), false);
  });
});

describe('what the engine sees of an error', () => {
  it('is its code, its message and what is wrong with which field', () => {
    const issues = [{ path: 'channel', message: 'There is no such channel' }];
    const failure = toFailure(new AppError('validation', 'No channel', { issues }), true);
    assert.equal(failure.type, 'validation');
    assert.equal(failure.message, 'No channel');
    assert.deepEqual(failure.details, [issues]);
    assert.equal(failure.nonRetryable, true);
  });

  it('is nothing of the text, the cause or the stack of an error that is not ours', () => {
    const failure = toFailure(withCode('23505', new Error('INSERT … password')), false);
    assert.equal(failure.type, 'internal');
    assert.equal(failure.message, errorTable.internal.title);
    assert.equal(failure.cause, undefined);
    assert.equal(failure.stack, '');
    assert.equal(failure.nonRetryable, false);
  });

  it('is how long to wait, while there are attempts left', () => {
    const error = new AppError('limit_exceeded', 'Slow down', { retryAfterMs: 7_000 });
    assert.equal(toFailure(error, false).nextRetryDelay, 7_000);
    assert.equal(toFailure(error, true).nextRetryDelay ?? undefined, undefined);
  });
});
