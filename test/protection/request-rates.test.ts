import assert from 'node:assert/strict';
import { z } from 'zod';
import { type ServedApp, serve } from '#api/testing/memory-app.js';
import { readJson } from '#api/testing/read-json.js';
import type { App } from '#app.js';
import { createLogger } from '#runtime/logger.js';
import { createMemoryStore } from '#runtime/rates/memory-store.js';
import { planRates } from '#runtime/rates/plan.js';
import { createRedisStore } from '#runtime/rates/redis-store.js';
import { createRequestRates, type RequestRates } from '#runtime/rates/request-rates.js';
import { reservePorts } from '#stack/ports.js';
import { buildOrganization } from '../builders/build-organization.js';
import { testSystem } from '../system.js';

const logger = createLogger({ name: 'rates', level: 'silent' });

describe('requests to the API', () => {
  let app: App;
  const opened: ServedApp[] = [];
  before(async () => {
    ({ app } = await testSystem());
  });
  afterEach(async () => {
    for (const server of opened.splice(0)) await server.close();
  });

  async function openApi(requestRates: RequestRates): Promise<ServedApp> {
    const server = await serve({ ...app, services: { ...app.services, requestRates } });
    opened.push(server);
    return server;
  }
  const smallRates = (writes: number) => {
    const factor = writes / planRates.free.write;
    return createRequestRates(createMemoryStore(), { planOf: async () => 'free', factor, logger });
  };

  async function openCaller() {
    const { caller, accessToken } = await buildOrganization(app);
    const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
    const project = (url: string) =>
      fetch(`${url}/v1/projects`, { method: 'POST', headers, body: '{"name":"P"}' });
    const me = (url: string) => fetch(`${url}/v1/me`, { headers });
    return { caller, project, me, headers };
  }

  it('tell what is left of the rate, and refuse what is beyond with the time to wait', async () => {
    const { url } = await openApi(smallRates(2));
    const { project, me } = await openCaller();
    const first = await project(url);
    assert.equal(first.status, 201);
    assert.equal(first.headers.get('ratelimit-policy'), '"organization";q=10;w=60, "write";q=2;w=60');
    assert.equal(first.headers.get('ratelimit'), '"organization";r=9;t=6, "write";r=1;t=30');
    assert.equal((await project(url)).status, 201);
    const refused = await project(url);
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get('content-type'), 'application/problem+json; charset=utf-8');
    assert.match(refused.headers.get('ratelimit') ?? '', /"write";r=0;t=60$/);
    const wait = Number(refused.headers.get('retry-after'));
    assert.ok(wait >= 29 && wait <= 30, String(wait));
    assert.equal((await readJson(refused)).code, 'limit_exceeded');
    assert.equal((await me(url)).status, 200);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    assert.match(metrics, /worksynapse_requests_refused_total\{limit="write"\} 1/);
  });

  it('do nothing when they are refused', async () => {
    const { url } = await openApi(smallRates(1));
    const { caller, project } = await openCaller();
    for (let count = 0; count < 3; count += 1) await project(url);
    const { items } = (await app.perform(caller, 'projects.list', {})) as { items: unknown[] };
    assert.equal(items.length, 1);
  });

  it('of one organization do not use up the rate of another', async () => {
    const { url } = await openApi(smallRates(1));
    const [one, two] = [await openCaller(), await openCaller()];
    await one.project(url);
    assert.deepEqual([(await one.project(url)).status, (await two.project(url)).status], [429, 201]);
  });

  it('of no one, signing in and health are not counted', async () => {
    const { url } = await openApi(smallRates(1));
    for (const path of ['/healthz', '/v1/me', '/openapi.json']) {
      const { headers } = await fetch(url + path);
      assert.equal(headers.get('ratelimit'), null, path);
    }
  });

  it('of files and images count as others do', async () => {
    const { url } = await openApi(smallRates(2));
    const { headers } = await openCaller();
    const none = '01890000-0000-7000-8000-000000000000';
    const reads = ['/v1/organization/logo', `/v1/audit/exports/${none}/file`, '/v1/audit/archives/1/file'];
    const left: (string | null)[] = [];
    for (const path of reads) left.push((await fetch(url + path, { headers })).headers.get('ratelimit'));
    left.forEach((fields, index) => {
      assert.match(fields ?? '', new RegExp(`^"organization";r=${9 - index};.*"read"`), reads[index]);
    });
    const put = () => fetch(`${url}/v1/organization/logo`, { method: 'PUT', headers, body: 'no image' });
    assert.deepEqual([(await put()).status, (await put()).status, (await put()).status], [422, 422, 429]);
  });

  it('of identity providers count by their token, and are refused in the form of SCIM', async () => {
    const { url } = await openApi(smallRates(1));
    const { caller } = await openCaller();
    const made = await app.perform(caller, 'scim_tokens.create', { name: 'Directory' });
    const { token } = z.object({ token: z.string() }).parse(made);
    const call = (method: string, path: string) =>
      fetch(`${url}/scim/v2${path}`, { method, headers: { authorization: `Bearer ${token}` } });
    const read = await call('GET', '/Users');
    assert.equal(read.status, 200);
    assert.match(read.headers.get('ratelimit') ?? '', /"read";r=/);
    const missing = `/Users/${caller.userId}`;
    assert.notEqual((await call('DELETE', missing)).status, 429);
    const refused = await call('DELETE', missing);
    assert.equal(refused.status, 429);
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
    assert.match(refused.headers.get('content-type') ?? '', /^application\/scim\+json/);
  });

  it('of streams count when they are opened', async () => {
    const { url } = await openApi(smallRates(1));
    const { headers } = await openCaller();
    const controller = new AbortController();
    const answer = await fetch(`${url}/v1/events`, {
      headers: { ...headers, accept: 'text/event-stream' },
      signal: controller.signal,
    });
    assert.match(answer.headers.get('ratelimit') ?? '', /"read";r=1/);
    controller.abort();
  });

  it('go on uncounted, without waiting, while Redis is away, which is counted', async () => {
    const [port] = await reservePorts([{ service: 'nobody', port: 0 }]);
    const store = createRedisStore(`redis://127.0.0.1:${port}`, logger);
    const rates = createRequestRates(store, { planOf: async () => 'free', factor: 1, logger });
    const { url } = await openApi(rates);
    const { me } = await openCaller();
    const answers = await Promise.all(Array.from({ length: 20 }, () => me(url)));
    assert.ok(answers.every(({ status, headers }) => status === 200 && !headers.has('ratelimit')));
    const metrics = await (await fetch(`${url}/metrics`)).text();
    assert.match(metrics, /worksynapse_requests_uncounted_total 20/);
    rates.close();
  });
});
