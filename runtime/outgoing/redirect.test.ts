import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { assertRejectsWith } from './testing/assert-rejects-with.js';
import { createGuardedNetwork } from './testing/guarded-network.js';

describe('redirects', () => {
  const network = createGuardedNetwork();
  const { serve, outgoing } = network;

  afterEach(() => network.close());

  const echo: RequestListener = async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    response.end(JSON.stringify({ method: request.method, headers: request.headers, body }));
  };

  /** A server that answers every path but `/echo` with this status and location. */
  const redirecting = (status: number, location: string) =>
    serve((request, response) => {
      if (request.url === '/echo') echo(request, response);
      else response.writeHead(status, { location }).end();
    });

  interface Echo {
    method: string;
    headers: Record<string, string>;
    body: string;
  }

  const send = async (url: string, init?: RequestInit) =>
    (await (await outgoing().fetch(url, init)).json()) as Echo;

  // Fetch standard, HTTP-redirect fetch, steps 12 and 13.
  const rules: [number, string, string][] = [
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [301, 'PUT', 'PUT'],
    [302, 'PATCH', 'PATCH'],
    [303, 'PUT', 'GET'],
    [303, 'DELETE', 'GET'],
    [307, 'POST', 'POST'],
    [308, 'POST', 'POST'],
    [307, 'DELETE', 'DELETE'],
  ];
  for (const [status, sent, method] of rules) {
    it(`turns ${sent} into ${method} after ${status}`, async () => {
      const port = await redirecting(status, '/echo');
      const headers = { 'content-type': 'text/x-own', 'content-language': 'de' };
      const seen = await send(`http://127.0.0.1:${port}/`, { method: sent, headers, body: 'text' });
      assert.equal(seen.method, method);
      assert.equal(seen.body, method === 'GET' ? '' : 'text');
      assert.equal(seen.headers['content-type'], method === 'GET' ? undefined : 'text/x-own');
      assert.equal(seen.headers['content-language'], method === 'GET' ? undefined : 'de');
    });
  }

  it('leaves HEAD as it is after 303', async () => {
    const methods: (string | undefined)[] = [];
    const port = await serve((request, response) => {
      methods.push(request.method);
      if (request.url === '/echo') response.end();
      else response.writeHead(303, { location: '/echo' }).end();
    });
    await outgoing().fetch(`http://127.0.0.1:${port}/`, { method: 'HEAD' });
    assert.deepEqual(methods, ['HEAD', 'HEAD']);
  });

  const secrets = {
    authorization: 'Bearer secret',
    cookie: 'session=secret',
    'proxy-authorization': 'Basic secret',
    'x-api-key': 'secret',
    accept: 'application/json',
  };

  it('take headers along within an origin', async () => {
    const port = await redirecting(302, '/echo');
    const { headers } = await send(`http://127.0.0.1:${port}/`, { headers: secrets });
    for (const [name, value] of Object.entries(secrets)) assert.equal(headers[name], value, name);
  });

  for (const away of ['another port', 'another host']) {
    it(`take no header that could be a secret to ${away}`, async () => {
      const port = await serve(echo);
      const host = away === 'another host' ? '127.0.0.2' : '127.0.0.1';
      const target = away === 'another host' ? await serve(echo, host, port) : port;
      const start = await redirecting(307, `http://${host}:${target}/echo`);
      const seen = await send(`http://127.0.0.1:${start}/`, {
        method: 'POST',
        headers: secrets,
        body: 'text',
      });
      assert.ok(!JSON.stringify(seen).includes('secret'), JSON.stringify(seen.headers));
      assert.equal(seen.headers.accept, 'application/json');
      assert.equal(seen.body, 'text');
    });
  }

  it('do not bring the credentials back when they return to the first origin', async () => {
    const home = await serve((request, response) => {
      if (request.url === '/echo') echo(request, response);
      else response.writeHead(302, { location: `http://127.0.0.1:${away}/` }).end();
    });
    const away = await redirecting(302, `http://127.0.0.1:${home}/echo`);
    const seen = await send(`http://127.0.0.1:${home}/`, { headers: secrets });
    assert.ok(!JSON.stringify(seen).includes('secret'));
  });

  it('are followed five times, and the sixth is refused', async () => {
    const port = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end('arrived');
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    });
    const { fetch } = outgoing();
    const response = await fetch(`http://127.0.0.1:${port}/5`);
    assert.equal(await response.text(), 'arrived');
    assert.equal(response.url, `http://127.0.0.1:${port}/0`);
    await assertRejectsWith(fetch(`http://127.0.0.1:${port}/6`), 'validation');
  });

  it('are given back or refused when the caller asks for that', async () => {
    const port = await redirecting(302, '/echo');
    const { fetch } = outgoing();
    const response = await fetch(`http://127.0.0.1:${port}/`, { redirect: 'manual' });
    assert.equal(response.status, 302);
    assert.equal(response.headers.get('location'), '/echo');
    await assertRejectsWith(fetch(`http://127.0.0.1:${port}/`, { redirect: 'error' }), 'validation');
  });

  it('do not lead from a host that the operator allowed to loopback', async () => {
    const port = await serve((request, response) => {
      if (request.headers.host?.startsWith('public.test')) {
        response.writeHead(302, { location: `http://127.0.0.1:${port}/` }).end();
      } else response.end('inside');
    });
    const resolveName = async () => [{ address: '127.0.0.1', family: 4 }];
    const { fetch } = outgoing({ allowLoopback: false, allowedHosts: ['public.test'], resolveName });
    await assertRejectsWith(fetch(`http://public.test:${port}/`), 'validation');
  });
});
