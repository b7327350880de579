import assert from 'node:assert/strict';
import {
  apiKey,
  type MemoryApp,
  memoryApp,
  orgId,
  type ServedApp,
  serve,
  sessionId,
  userId,
} from './testing/memory-app.js';
import { problemCode } from './testing/read-json.js';
import { testActions } from './testing/test-actions.js';
import { testConnector } from './testing/test-connector.js';

const id = '0198c0de-0000-7000-8000-000000000001';

describe('routes derived from actions', () => {
  let app: MemoryApp;
  let server: ServedApp;

  beforeEach(async () => {
    app = await memoryApp({
      actions: testActions,
      connectors: [testConnector],
      perform: async (_caller, action) => ({ action, version: 7 }),
    });
    server = await serve(app, { limits: { signInsPerMinute: 4 } });
  });
  afterEach(() => server.close());

  function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    return fetch(server.url + path, {
      method,
      headers: { 'x-api-key': apiKey, 'content-type': 'application/json', ...headers },
      ...json,
    });
  }
  const last = () => app.calls.at(-1);

  it('performs the action of a route with body and path as its input', async () => {
    const response = await ask('POST', `/v1/projects/${id}/tasks`, { title: 'Write' });
    assert.equal(response.status, 201);
    assert.deepEqual(await response.json(), { action: 'tasks.create', version: 7 });
    assert.equal(last()?.action, 'tasks.create');
    assert.deepEqual(last()?.input, { projectId: id, title: 'Write' });
    assert.equal(last()?.options?.requestId, response.headers.get('x-request-id'));
  });

  it('takes the query of a GET, repeated keys as a list', async () => {
    await ask('GET', '/v1/tasks?limit=10&status=open&status=done');
    assert.deepEqual(last()?.input, { limit: '10', status: ['open', 'done'] });
  });

  it('does not take the query of a POST', async () => {
    await ask('POST', `/v1/projects/${id}/tasks?title=query`, { title: 'body' });
    assert.deepEqual(last()?.input, { projectId: id, title: 'body' });
  });

  it('serves a literal path before a parameter, whatever the order in the catalogue', async () => {
    await ask('GET', '/v1/tasks/mine');
    assert.equal(last()?.action, 'tasks.mine');
  });

  it('has no route for an action without one', async () => {
    assert.equal(await problemCode(await ask('POST', '/v1/tasks/secret', {})), '404 not_found');
  });

  it('refuses a body or query that contradicts the path', async () => {
    const other = '0198c0de-0000-7000-8000-000000000002';
    assert.equal(await problemCode(await ask('PATCH', `/v1/tasks/${id}`, { id: other })), '422 validation');
    assert.equal(await problemCode(await ask('DELETE', `/v1/tasks/${id}?id=${other}`)), '422 validation');
    assert.equal(app.calls.length, 0);
    assert.equal((await ask('PATCH', `/v1/tasks/${id}`, { id })).status, 200);
  });

  it('answers 204 without a body', async () => {
    const response = await ask('DELETE', `/v1/tasks/${id}?reason=done`);
    assert.equal(response.status, 204);
    assert.equal(await response.text(), '');
    assert.deepEqual(last()?.input, { id, reason: 'done' });
  });

  it('fills version from If-Match where the action takes one, and tells it in ETag', async () => {
    const response = await ask('PATCH', `/v1/tasks/${id}`, { title: 'New' }, { 'if-match': '"6"' });
    assert.equal(response.headers.get('etag'), '"7"');
    assert.deepEqual(last()?.input, { id, title: 'New', version: 6 });
    await ask('DELETE', `/v1/tasks/${id}`, undefined, { 'if-match': '"6"' });
    assert.deepEqual(last()?.input, { id });
  });

  it('refuses an If-Match that is no version or another than the body says', async () => {
    const path = `/v1/tasks/${id}`;
    assert.equal(await problemCode(await ask('PATCH', path, {}, { 'if-match': 'W/"x"' })), '400 malformed');
    assert.equal(
      await problemCode(await ask('PATCH', path, { version: 5 }, { 'if-match': '"6"' })),
      '422 validation',
    );
  });

  it('hands an idempotency key on for writes only', async () => {
    const key = { 'idempotency-key': 'one' };
    await ask('PATCH', `/v1/tasks/${id}`, {}, key);
    assert.equal(last()?.options?.idempotencyKey, 'one');
    await ask('GET', `/v1/tasks/${id}`, undefined, key);
    assert.equal(last()?.options?.idempotencyKey, undefined);
  });

  it('refuses an idempotency key that is too long or not visible ASCII', async () => {
    for (const key of ['x'.repeat(256), 'two words', 'é']) {
      const response = await ask('PATCH', `/v1/tasks/${id}`, {}, { 'idempotency-key': key });
      assert.equal(await problemCode(response), '422 validation');
    }
  });

  it('knows the caller by access token, API key or neither', async () => {
    const callerFor = async (headers: Record<string, string>) => {
      await fetch(`${server.url}/v1/tasks`, { headers });
      return last()?.caller;
    };
    assert.deepEqual(await callerFor({ authorization: `Bearer ${await app.accessToken()}` }), {
      kind: 'user',
      orgId,
      userId,
      sessionId,
    });
    assert.equal((await callerFor({ authorization: `Bearer ${apiKey}` }))?.kind, 'api_key');
    assert.equal((await callerFor({ 'x-api-key': apiKey }))?.kind, 'api_key');
    assert.deepEqual(await callerFor({}), { kind: 'anonymous' });
  });

  it('refuses credentials that are not valid, of another scheme, or two', async () => {
    const codeFor = async (headers: Record<string, string>) =>
      problemCode(await fetch(`${server.url}/v1/tasks`, { headers }));
    assert.equal(await codeFor({ authorization: 'Bearer nonsense' }), '401 unauthenticated');
    assert.equal(await codeFor({ authorization: 'Bearer wsk_wrong' }), '401 unauthenticated');
    assert.equal(await codeFor({ authorization: 'Basic YTpi' }), '401 unauthenticated');
    const both = { authorization: `Bearer ${apiKey}`, 'x-api-key': apiKey };
    assert.equal(await codeFor(both), '400 malformed');
    assert.equal(app.calls.length, 0);
  });

  it('lets a public action through with an expired credential', async () => {
    const response = await ask(
      'POST',
      '/v1/log-in',
      { email: 'a@b.example' },
      { 'x-api-key': 'wsk_expired' },
    );
    assert.equal(response.status, 200);
    assert.deepEqual(last()?.caller, { kind: 'anonymous' });
  });

  it('limits tries to log in by network', async () => {
    const logIn = (email: string) => ask('POST', '/v1/log-in', { email });
    for (const email of ['a@b.example', 'c@d.example', 'a@b.example', 'e@f.example']) {
      assert.equal((await logIn(email)).status, 200);
    }
    const fifth = await logIn('a@b.example');
    assert.ok(Number(fifth.headers.get('retry-after')) > 0);
    assert.equal(await problemCode(fifth), '429 limit_exceeded');
  });

  it('takes JSON objects only', async () => {
    const path = `/v1/projects/${id}/tasks`;
    const post = (body: string, type = 'application/json') =>
      fetch(server.url + path, {
        method: 'POST',
        body,
        headers: { 'x-api-key': apiKey, 'content-type': type },
      });
    assert.equal(
      await problemCode(await post('title=x', 'application/x-www-form-urlencoded')),
      '415 unsupported_media_type',
    );
    assert.equal(await problemCode(await post('{"title":')), '400 malformed');
    assert.equal(await problemCode(await post('[1]')), '400 malformed');
    assert.equal(
      await problemCode(await post(`{"a":${'['.repeat(100)}${']'.repeat(100)}}`)),
      '400 malformed',
    );
    assert.equal(await problemCode(await post('{"title":"\\u0000"}')), '400 malformed');
    assert.equal(await problemCode(await post('{"title":"\\ud800"}')), '400 malformed');
    assert.equal(
      await problemCode(await post(`{"title":"${'x'.repeat(1024 * 1024)}"}`)),
      '413 payload_too_large',
    );
    assert.equal((await post('{"title":"x 😀"}', 'application/json; charset=utf-8')).status, 201);
    assert.equal(app.calls.length, 1);
  });

  it('refuses text in the address that cannot be stored', async () => {
    assert.equal(await problemCode(await ask('GET', '/v1/tasks?status=%00')), '400 malformed');
    assert.equal(await problemCode(await ask('GET', '/v1/tasks/a%00b')), '400 malformed');
  });

  it('keeps a field named __proto__ a field', async () => {
    await fetch(`${server.url}/v1/projects/${id}/tasks`, {
      method: 'POST',
      body: '{"__proto__":{"isAdmin":true}}',
      headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
    });
    const input = last()?.input;
    assert.ok(typeof input === 'object' && input !== null);
    assert.equal(Object.getPrototypeOf(input), Object.prototype);
    assert.ok(!('isAdmin' in input));
  });

  it("serves an app's action with a connection", async () => {
    const path = `/v1/connections/${id}/actions/acme.send`;
    const response = await ask('POST', path, { text: 'Hi' }, { 'idempotency-key': 'k' });
    assert.equal(response.status, 200);
    assert.equal(last()?.action, 'acme.send');
    assert.deepEqual(last()?.input, { text: 'Hi' });
    assert.equal(last()?.options?.connectionId, id);
    assert.equal(last()?.options?.idempotencyKey, 'k');
  });

  it("serves an app's action that can do without a connection at a path of its own", async () => {
    const response = await ask('POST', '/v1/actions/acme.compute', { text: 'Hi' });
    assert.equal(response.status, 200);
    assert.equal(last()?.action, 'acme.compute');
    assert.equal(last()?.options?.connectionId, undefined);
    for (const path of ['/v1/actions/acme.send', `/v1/connections/${id}/actions/acme.compute`]) {
      assert.equal(await problemCode(await ask('POST', path, {})), '404 not_found');
    }
  });

  it("serves nothing but apps' actions with a connection", async () => {
    for (const path of [`${id}/actions/tasks.secret`, `${id}/actions/acme.none`, 'x/actions/acme.send']) {
      assert.equal(await problemCode(await ask('POST', `/v1/connections/${path}`, {})), '404 not_found');
    }
    assert.equal(app.calls.length, 0);
  });

  it('logs who did what in how many milliseconds, without query or credential', async () => {
    await ask('GET', '/v1/tasks?status=confidential');
    const line = app.logs.find(({ msg }) => msg === 'request');
    assert.equal(line?.action, 'tasks.list');
    assert.equal(line?.orgId, orgId);
    assert.equal(line?.userId, userId);
    assert.equal(line?.status, 200);
    assert.equal(typeof line?.ms, 'number');
    assert.equal(typeof line?.requestId, 'string');
    assert.doesNotMatch(JSON.stringify(app.logs), /confidential|wsk_/);
  });
});
