import assert from 'node:assert/strict';
import { catalogue } from '#app.js';
import { createOpenApiDocument } from './openapi/document.js';
import { asObject } from './openapi/json-schema.js';
import { contentPolicy } from './security-headers.js';
import {
  type MemoryApp,
  type MemoryAppOptions,
  memoryApp,
  type ServedApp,
  serve,
} from './testing/memory-app.js';

/** Addresses that are in no document. */
const otherAddresses = [
  'GET /',
  'GET /docs',
  'GET /docs/start.js',
  'GET /docs/swagger-ui.css',
  'GET /openapi.json',
  'GET /assets/page.css',
  'GET /assets/form.css',
  'GET /problems/validation',
  'GET /metrics',
  'GET /nowhere',
  'GET /v1/nowhere',
  'GET /dev/mailbox',
  'GET /%',
  'OPTIONS /v1/tasks',
  'DELETE /hooks/github/nobody',
];

/** Every route that the product has, by method and address. */
function allAddresses(): string[] {
  const { paths } = createOpenApiDocument(catalogue, '1');
  const documented = Object.entries(asObject(paths)).flatMap(([path, item]) =>
    Object.keys(asObject(item)).map((method) => {
      const address = path.replaceAll(/\{\w+\}/g, '0198c0de-0000-7000-8000-000000000001');
      return `${method.toUpperCase()} ${address}`;
    }),
  );
  return [...documented, ...otherAddresses];
}

/** An app without rows that has every route of the product. */
async function emptyApp(options: MemoryAppOptions = {}): Promise<MemoryApp> {
  const app = await memoryApp(options);
  return { ...app, services: { ...app.services, catalogue } };
}

describe('every answer', () => {
  let server: ServedApp;
  before(async () => {
    server = await serve(await emptyApp());
  });
  after(() => server.close());

  const ask = (address: string, headers: Record<string, string> = {}, url = server.url) => {
    const [method = '', path = ''] = address.split(' ');
    const body = method === 'POST' || method === 'PATCH' || method === 'PUT' ? { body: '{}' } : {};
    const all = { 'content-type': 'application/json', ...headers };
    return fetch(url + path, { method, headers: all, redirect: 'manual', ...body });
  };

  it('has the headers by which browsers guard it, on every route', async () => {
    const addresses = allAddresses();
    assert.ok(addresses.length > 90);
    for (const address of addresses) {
      const { headers } = await ask(address);
      const policy = headers.get('content-security-policy') ?? '';
      assert.match(policy, /^default-src 'none'; /, address);
      assert.match(policy, /frame-ancestors 'none'/, address);
      assert.match(policy, /base-uri 'none'/, address);
      assert.doesNotMatch(policy, address === 'GET /docs' ? /unsafe/ : /unsafe|script-src/, address);
      const found = Object.fromEntries(Object.keys(expected).map((name) => [name, headers.get(name)]));
      // Forms of these pages are told from those of other sites by the origin, which browsers else leave out.
      const isAccount = address.includes(' /account/') && found['referrer-policy'] === 'same-origin';
      const referrer = isAccount ? { 'referrer-policy': 'same-origin' } : {};
      assert.deepEqual(found, { ...expected, ...referrer }, address);
      assert.match(headers.get('permissions-policy') ?? '', /camera=\(\), .*geolocation=\(\)/, address);
      assert.equal(headers.get('x-powered-by'), null, address);
    }
  });
  const expected = {
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  };

  it('lets the reference run scripts of this host only, and no inline script', async () => {
    const policy = (await ask('GET /docs')).headers.get('content-security-policy') ?? '';
    assert.match(policy, /script-src 'self'(;|$)/);
    assert.match(policy, /style-src 'self'(;|$)/);
  });

  it('never has an inline script or style on a page', async () => {
    for (const address of ['GET /', 'GET /docs', 'GET /problems/validation', 'GET /forms/nobody']) {
      const page = await (await ask(address)).text();
      assert.doesNotMatch(page, /<style|<script(?![^>]* src=)|\sstyle=|\son\w+=/, address);
    }
  });

  it('promises no TLS where the public address has none', async () => {
    const plain = await serve(await emptyApp({ environment: { PUBLIC_URL: 'http://work.example' } }));
    const { headers } = await ask('GET /', {}, plain.url);
    assert.equal(headers.get('strict-transport-security'), null);
    await plain.close();
  });

  it('has a policy in which a page names what it needs more', () => {
    assert.match(contentPolicy({ 'img-src': "'none'" }), /img-src 'none'; form-action 'self'/);
  });
});

describe('calls by pages of other sites', () => {
  let server: ServedApp;
  before(async () => {
    const environment = { CORS_ORIGINS: 'https://app.example,http://127.0.0.1:5173' };
    server = await serve(await emptyApp({ environment }));
  });
  after(() => server.close());

  const preflight = (origin: string, path = '/v1/me') =>
    fetch(server.url + path, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'authorization',
      },
    });
  const allowed = ({ headers }: Response) => [
    headers.get('access-control-allow-origin'),
    headers.get('access-control-allow-credentials'),
  ];

  for (const origin of ['https://app.example', 'http://127.0.0.1:5173']) {
    it(`are let in from ${origin}, with credentials, and the browser may remember it`, async () => {
      const answer = await preflight(origin);
      assert.equal(answer.status, 204);
      assert.deepEqual(allowed(answer), [origin, 'true']);
      assert.match(answer.headers.get('access-control-allow-methods') ?? '', /PATCH/);
      assert.match(answer.headers.get('access-control-allow-headers') ?? '', /Idempotency-Key/);
      assert.equal(answer.headers.get('access-control-max-age'), '600');
      assert.match(answer.headers.get('vary') ?? '', /Origin/);

      const call = await fetch(`${server.url}/v1/me`, { headers: { origin } });
      assert.deepEqual(allowed(call), [origin, 'true']);
      assert.match(call.headers.get('access-control-expose-headers') ?? '', /RateLimit/);
    });
  }

  const strangers = [
    'https://evil.example',
    'https://app.example.evil.example',
    'https://sub.app.example',
    'http://app.example',
    'https://app.example:8443',
    'https://APP.example',
    'null',
    '*',
  ];
  for (const origin of strangers) {
    it(`are not let in from ${origin}`, async () => {
      const call = await fetch(`${server.url}/v1/me`, { headers: { origin } });
      for (const answer of [await preflight(origin), call])
        assert.equal(answer.headers.get('access-control-allow-origin'), null);
      assert.match(call.headers.get('vary') ?? '', /Origin/);
    });
  }

  it('are let in to the API only, not to hooks, pages and health', async () => {
    for (const path of ['/', '/docs', '/healthz', '/hooks/github/nobody', '/forms/nobody'])
      assert.deepEqual(allowed(await preflight('https://app.example', path)), [null, null], path);
  });

  it('are let in from nowhere unless the operator says so', async () => {
    const closed = await serve(await emptyApp());
    const answer = await fetch(`${closed.url}/v1/me`, { headers: { origin: 'https://app.example' } });
    assert.deepEqual(allowed(answer), [null, null]);
    await closed.close();
  });
});
