import assert from 'node:assert/strict';
import { AppError, type ErrorCode } from '#core/errors.js';
import { createHttpVendor } from '#stack/vendors/http-vendor.js';
import { http } from './index.js';
import { readRetryAfter } from './retry-after.js';

describe('the status of an answer', () => {
  const vendor = createHttpVendor(http);

  afterEach(() => vendor.close());

  async function failure(
    status: number,
    input: Record<string, unknown> = {},
    headers: Record<string, string> = {},
    text = 'It says why.',
  ): Promise<AppError> {
    const url = await vendor.serve((response) => {
      response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(text);
    });
    const error = await vendor.call({ url, ...input }).catch((reason: unknown) => reason);
    return error instanceof AppError ? error : assert.fail(String(error));
  }

  const codes: [number, ErrorCode][] = [
    [400, 'validation'],
    [401, 'validation'],
    [403, 'validation'],
    [404, 'not_found'],
    [408, 'provider_unavailable'],
    [409, 'conflict'],
    [410, 'validation'],
    [412, 'conflict'],
    [422, 'validation'],
    [425, 'limit_exceeded'],
    [429, 'limit_exceeded'],
    [500, 'provider_unavailable'],
    [501, 'validation'],
    [502, 'provider_unavailable'],
    [503, 'provider_unavailable'],
    [504, 'provider_unavailable'],
  ];
  for (const [status, code] of codes) {
    it(`${status} is ${code}`, async () => {
      const error = await failure(status);
      assert.equal(error.code, code);
      assert.match(
        error.message,
        new RegExp(`^127\\.0\\.0\\.1:\\d+ answered with status ${status}: It says why\\.$`),
      );
    });
  }

  it('is quoted with the first 500 characters of text, and nothing of what is binary', async () => {
    const { message } = await failure(422, {}, {}, `${'a'.repeat(500)}b`);
    assert.match(message, /: a{500}$/);
    const { message: binary } = await failure(422, {}, { 'content-type': 'image/png' });
    assert.match(binary, /status 422\.$/);
  });

  it('is an answer like any other when the user accepts it', async () => {
    const url = await vendor.serve((response) => {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"reason":"gone"}');
    });
    const output = await vendor.call({ url, acceptStatus: [404] });
    assert.deepEqual([output.status, output.body], [404, { reason: 'gone' }]);
    assert.equal((await failure(429, { acceptStatus: [404] })).code, 'limit_exceeded');
  });

  it('is tried again or not as the user says', async () => {
    assert.equal((await failure(503, { retryOnStatus: [] })).isRetryable, false);
    assert.equal((await failure(423, { retryOnStatus: [423] })).code, 'provider_unavailable');
    assert.equal((await failure(404, { retryOnStatus: [404] })).isRetryable, true);
  });

  it('tells how long to wait, in seconds or until a date', async () => {
    const inSeconds = await failure(429, {}, { 'retry-after': '7' });
    assert.equal(inSeconds.retryAfterMs, 7000);
    const date = new Date(Date.now() + 60_000).toUTCString();
    const { retryAfterMs = 0 } = await failure(500, {}, { 'retry-after': date });
    assert.ok(retryAfterMs > 50_000 && retryAfterMs <= 60_000, String(retryAfterMs));
    assert.equal((await failure(503, {}, { 'retry-after': 'soon' })).retryAfterMs, undefined);
    assert.equal((await failure(404, {}, { 'retry-after': '7' })).retryAfterMs, undefined);
  });

  it('503 with a time to wait says that the request was turned away, so that a POST may be tried again', async () => {
    assert.equal((await failure(503, {}, { 'retry-after': '1' })).code, 'limit_exceeded');
  });
});

describe('Retry-After', () => {
  const now = Date.parse('1994-11-06T08:49:00Z');
  const read: [string | null, number | undefined][] = [
    ['37', 37_000],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 37_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 37_000],
    ['Sun Nov  6 08:49:37 1994', 37_000],
    ['Sun, 06 Nov 1994 08:48:00 GMT', undefined],
    ['0', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['999999999999', 86_400_000],
    ['Sun, 06 Nov 2094 08:49:37 GMT', 86_400_000],
    ['tomorrow', undefined],
    ['1994-11-06T08:49:37Z', undefined],
    ['', undefined],
    [null, undefined],
  ];
  for (const [header, expected] of read) {
    it(`of ${JSON.stringify(header)} is ${expected}`, () =>
      assert.equal(readRetryAfter(header, now), expected));
  }
});
