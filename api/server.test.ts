import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { finishRequests, listen, portError } from './listen.js';
import { type MemoryApp, memoryApp, type ServedApp, serve } from './testing/memory-app.js';
import { readJson } from './testing/read-json.js';
import { testActions } from './testing/test-actions.js';

describe('the server', () => {
  let app: MemoryApp;
  let server: ServedApp;

  before(async () => {
    app = await memoryApp({ actions: testActions });
    server = await serve(app);
  });
  after(() => server.close());

  const get = (path: string, headers: Record<string, string> = {}) => fetch(server.url + path, { headers });

  it('serves the documentation page and everything on it from this host, within its content policy', async () => {
    const page = await get('/docs');
    const text = await page.text();
    assert.match(text, /<title>WorkSynapse API<\/title>/);
    assert.doesNotMatch(text, /https?:/);
    assert.match(page.headers.get('content-security-policy') ?? '', /script-src 'self';/);
    const links = [...text.matchAll(/(?:href|src)="(\/docs\/[^"]+)"/g)].map(([, link = '']) => link);
    assert.equal(links.length, 3);
    for (const link of links) assert.equal((await get(link)).status, 200, link);
    assert.match(await (await get('/docs/start.js')).text(), /prefers-color-scheme: dark/);
  });

  it('serves the OpenAPI document', async () => {
    assert.equal((await readJson(await get('/openapi.json'))).openapi, '3.1.0');
  });

  it('explains each problem code, and only those', async () => {
    assert.match(await (await get('/problems/validation')).text(), /422/);
    assert.equal((await get('/problems/toString')).status, 404);
  });

  it('is up, and ready when every service answers', async () => {
    assert.deepEqual(await readJson(await get('/healthz')), { status: 'ok' });
    const ready = await get('/readyz');
    assert.equal(ready.status, 200);
    const { status, checks } = await readJson(ready);
    assert.equal(status, 'ready');
    assert.deepEqual(Object.keys(checks as object), ['database', 'engine', 'hub']);
  });

  it('is not ready when a service is down, and says which but not why', async () => {
    const closedPort = await freePort();
    const CHROMA_URL = `http://127.0.0.1:${closedPort}`;
    const broken = await serve(await memoryApp({ down: ['database'], environment: { CHROMA_URL } }));
    try {
      const response = await fetch(`${broken.url}/readyz`);
      assert.equal(response.status, 503);
      const text = await response.text();
      const { checks } = JSON.parse(text) as { checks: Record<string, { ok: boolean }> };
      const ok = Object.fromEntries(Object.entries(checks).map(([name, check]) => [name, check.ok]));
      assert.deepEqual(ok, { database: false, engine: true, hub: true, chroma: false });
      assert.doesNotMatch(text, /hunter2/);
    } finally {
      await broken.close();
    }
  });

  it('gives metrics by route template to a client on this host, not through a proxy', async () => {
    await get('/v1/tasks/0198c0de-0000-7000-8000-000000000001');
    const text = await (await get('/metrics')).text();
    assert.match(
      text,
      /worksynapse_http_request_duration_seconds_count\{method="GET",route="\/v1\/tasks\/:id",status="200"\} 1/,
    );
    assert.match(text, /process_cpu_seconds_total/);
    assert.equal((await get('/metrics', { 'x-forwarded-for': '203.0.113.9' })).status, 404);
  });
});

describe('listening', () => {
  it('says in one sentence which port is taken and what to set', async () => {
    const first = createHttpServer();
    await listen(first, '127.0.0.1', 0);
    const { port } = first.address() as AddressInfo;
    await assert.rejects(listen(createHttpServer(), '127.0.0.1', port), {
      message: `Port ${port} on 127.0.0.1 is in use by another program; free it or set PORT.`,
    });
    first.close();
  });

  it('leaves other errors as they are', () => {
    const error = new Error('something else');
    assert.equal(portError(error, { host: 'h', port: 1, setting: 'PORT' }), error);
  });

  it('lets a request finish before it closes', async () => {
    let finish = () => {};
    const started = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const server = createHttpServer(async (_request, response) => {
      await started;
      response.end('done');
    });
    await listen(server, '127.0.0.1', 0);
    const { port } = server.address() as AddressInfo;
    const received = once(server, 'request');
    const answer = fetch(`http://127.0.0.1:${port}`);
    await received;
    const closed = finishRequests(server, 5_000);
    finish();
    assert.equal(await (await answer).text(), 'done');
    await closed;
  });

  it('cuts off what does not finish in time', async () => {
    const server = createHttpServer(() => {});
    await listen(server, '127.0.0.1', 0);
    const { port } = server.address() as AddressInfo;
    const received = once(server, 'request');
    const answer = assert.rejects(fetch(`http://127.0.0.1:${port}`));
    await received;
    await finishRequests(server, 20);
    await answer;
  });
});

async function freePort(): Promise<number> {
  const server = createHttpServer();
  await listen(server, '127.0.0.1', 0);
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
