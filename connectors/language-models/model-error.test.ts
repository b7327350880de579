import assert from 'node:assert/strict';
import { AppError, type ErrorCode } from '#core/errors.js';
import { type Refusal, statusError, toModelError } from './model-error.js';

const refused = (given: Partial<Refusal> & { status: number }) => statusError('The vendor', given);
const waiting = (headers: Record<string, string>) =>
  refused({ status: 429, headers: new Headers(headers) }).retryAfterMs;

describe('what a provider of models answers in place of a reply', () => {
  const cases: readonly [ErrorCode, Partial<Refusal> & { status: number }][] = [
    ['credentials_expired', { status: 401 }],
    ['forbidden', { status: 402 }],
    ['forbidden', { status: 403 }],
    ['forbidden', { status: 429, code: 'insufficient_quota' }],
    ['validation', { status: 404 }],
    ['validation', { status: 400, code: 'context_length_exceeded' }],
    ['validation', { status: 400, message: 'prompt is too long: 9 tokens > 8 maximum' }],
    ['validation', { status: 400 }],
    ['validation', { status: 413 }],
    ['limit_exceeded', { status: 429 }],
    ['provider_unavailable', { status: 408 }],
    ['provider_unavailable', { status: 409 }],
    ['provider_unavailable', { status: 500 }],
    ['provider_unavailable', { status: 529 }],
  ];
  for (const [code, refusal] of cases) {
    it(`is ${code} for ${JSON.stringify(refusal)}`, () => {
      const error = refused(refusal);
      assert.equal(error.code, code);
      assert.doesNotMatch(error.message, /tokens >/, 'nothing of what the vendor wrote is shown');
    });
  }

  it('says how long to wait, in seconds, as a date or exactly', () => {
    assert.equal(waiting({ 'retry-after': '7' }), 7_000);
    assert.equal(waiting({ 'retry-after': '0.5' }), 500);
    assert.equal(waiting({ 'retry-after': '9', 'retry-after-ms': '1250' }), 1_250);
    const wait = waiting({ 'retry-after': new Date(Date.now() + 60_000).toUTCString() }) ?? 0;
    assert.ok(wait > 55_000 && wait <= 60_000, `${wait} ms`);
  });

  it('lets wait a second where it says nothing that makes sense', () => {
    for (const given of ['soon', '-5', '', new Date(Date.now() - 60_000).toUTCString()])
      assert.equal(waiting({ 'retry-after': given }), 1_000);
    assert.equal(waiting({}), 1_000);
  });

  it('is found in the causes of what a client throws, and is the reason of who gave up', () => {
    const { signal } = new AbortController();
    const nested = new Error('outer', { cause: Object.assign(new Error('inner'), { status: 500 }) });
    const found = toModelError('The vendor', nested, signal);
    assert.ok(found instanceof AppError);
    assert.equal(found.code, 'provider_unavailable');
    const reason = new Error('enough');
    assert.equal(toModelError('The vendor', nested, AbortSignal.abort(reason)), reason);
  });
});
