import assert from 'node:assert/strict';
import { AppError, type ErrorCode, errorTable, isErrorCode } from '#core/errors.js';
import { apiKey, type MemoryApp, memoryApp, type ServedApp, serve } from './testing/memory-app.js';
import { readJson } from './testing/read-json.js';
import { testActions } from './testing/test-actions.js';

describe('problems', () => {
  let app: MemoryApp;
  let server: ServedApp;
  let failure: unknown;

  before(async () => {
    app = await memoryApp({
      actions: testActions,
      perform: async () => {
        throw failure;
      },
    });
    server = await serve(app);
  });
  after(() => server.close());

  const ask = (path = '/v1/tasks', init: RequestInit = {}) =>
    fetch(server.url + path, { ...init, headers: { 'x-api-key': apiKey, ...init.headers } });

  for (const code of Object.keys(errorTable).filter(isErrorCode)) {
    it(`answers ${code} with its status and RFC 9457 members`, async () => {
      failure = new AppError(code satisfies ErrorCode, 'Because of this.');
      const response = await ask('/v1/tasks?limit=3', { headers: { 'x-request-id': 'given-id' } });
      const { title, status } = errorTable[code];
      assert.equal(response.status, status);
      assert.equal(response.headers.get('content-type'), 'application/problem+json; charset=utf-8');
      assert.deepEqual(await response.json(), {
        type: `https://work.example/problems/${code}`,
        title,
        status,
        detail: code === 'internal' ? title : 'Because of this.',
        code,
        instance: '/v1/tasks',
        requestId: 'given-id',
      });
    });
  }

  it('lists the issues of a validation problem', async () => {
    const issues = [{ path: 'title', message: 'must not be empty' }];
    failure = new AppError('validation', 'No.', { issues });
    assert.deepEqual((await readJson(await ask())).issues, issues);
  });

  it('tells in a conflict of versions what the row is at now', async () => {
    const updatedBy = { id: '0198c0de-0000-7000-8000-00000000000b', name: 'Ada' };
    const current = { version: 4, updatedAt: '2026-01-01T00:00:00.000Z', updatedBy };
    failure = new AppError('conflict', 'Too late.', { current });
    assert.deepEqual((await readJson(await ask())).current, current);
  });

  it('says in Retry-After how long to wait, in whole seconds', async () => {
    failure = new AppError('limit_exceeded', 'Slow down.', { retryAfterMs: 1_200 });
    assert.equal((await ask()).headers.get('retry-after'), '2');
  });

  it('asks for a credential in WWW-Authenticate', async () => {
    failure = new AppError('unauthenticated', 'Who are you?');
    assert.match((await ask()).headers.get('www-authenticate') ?? '', /^Bearer/);
  });

  it('tells nothing of an unexpected error and logs it with its stack', async () => {
    failure = new Error('Failed query: insert into users\nparams: hunter2', {
      cause: new Error('disk full'),
    });
    const response = await ask();
    const text = await response.text();
    assert.equal(response.status, 500);
    assert.doesNotMatch(text, /query|hunter2|disk/);
    const line = app.logs.findLast(({ msg }) => msg === 'request failed');
    assert.match(JSON.stringify(line), /disk full/);
    assert.match(JSON.stringify(line), /problem\.test/);
    assert.doesNotMatch(JSON.stringify(app.logs), /hunter2/);
  });

  it('answers an unknown route with not_found', async () => {
    for (const path of ['/nothing', '/v1/nothing']) {
      const response = await ask(path);
      assert.equal(response.status, 404);
      assert.equal((await readJson(response)).code, 'not_found');
    }
  });

  it('answers a path that cannot be decoded with malformed', async () => {
    const response = await ask('/v1/tasks/%E0%A4%A');
    assert.equal(response.status, 400);
    assert.equal((await readJson(response)).code, 'malformed');
  });

  it('replaces a request id that is not a plain token', async () => {
    failure = new AppError('forbidden', 'No.');
    const response = await ask('/v1/tasks', { headers: { 'x-request-id': 'two words' } });
    const id = response.headers.get('x-request-id');
    assert.match(id ?? '', /^[0-9a-f-]{36}$/);
    assert.equal((await readJson(response)).requestId, id);
  });
});
