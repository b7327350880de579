import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { assertRejectsWith } from './testing/assert-rejects-with.js';
import { createGuardedNetwork } from './testing/guarded-network.js';

describe('guarded fetch', () => {
  const network = createGuardedNetwork();
  const { outgoing, serve } = network;

  afterEach(() => network.close());

  it('sends method, headers and body and gives the answer as a standard response', async () => {
    const port = await serve(async (request, response) => {
      const chunks = await request.toArray();
      response.writeHead(201, 'Made', {
        'content-type': 'application/json',
        'x-kind': request.headers['x-kind'],
      });
      response.end(
        JSON.stringify({ method: request.method, url: request.url, body: Buffer.concat(chunks).toString() }),
      );
    });
    const url = `http://127.0.0.1:${port}/things?a=1`;
    const response = await outgoing().fetch(url, {
      method: 'POST',
      headers: { 'X-Kind': 'b' },
      body: 'text',
    });
    assert.equal(response.status, 201);
    assert.equal(response.statusText, 'Made');
    assert.equal(response.url, url);
    assert.equal(response.headers.get('x-kind'), 'b');
    assert.deepEqual(await response.json(), { method: 'POST', url: '/things?a=1', body: 'text' });
  });

  it('takes Request objects and forms as fetch does', async () => {
    const port = await serve(async (request, response) => {
      const text = Buffer.concat(await request.toArray()).toString();
      response.end(`${request.headers['content-type']?.split(';')[0]} ${text}`);
    });
    const url = `http://127.0.0.1:${port}/`;
    const { fetch } = outgoing();
    const form = await fetch(new Request(url, { method: 'POST', body: new URLSearchParams({ a: 'b c' }) }));
    assert.equal(await form.text(), 'application/x-www-form-urlencoded a=b+c');
    const parts = new FormData();
    parts.append('name', 'value');
    const multipart = await fetch(url, { method: 'POST', body: parts });
    assert.match(await multipart.text(), /^multipart\/form-data.*name="name".*value/s);
  });

  it('keeps connections alive between calls', async () => {
    const ports = new Set<number | undefined>();
    const port = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end();
    });
    const { fetch } = outgoing();
    for (let call = 0; call < 20; call += 1) await fetch(`http://127.0.0.1:${port}/`);
    // A second one may open while the first is still being put back.
    assert.ok(ports.size <= 2, `${ports.size} connections`);
  });

  it('reaches only the permitted addresses of a name that has both kinds', async () => {
    const resolveName = async () => [
      { address: '10.0.0.5', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    assert.deepEqual(await outgoing({ resolveName }).resolveHost('mixed.test'), {
      address: '127.0.0.1',
      family: 4,
    });
  });

  it('unpacks a compressed answer', async () => {
    const port = await serve((_request, response) => {
      response.setHeader('content-encoding', 'gzip').end(gzipSync('unpacked'));
    });
    assert.equal(await (await outgoing().fetch(`http://127.0.0.1:${port}/`)).text(), 'unpacked');
  });

  it('reports a refused connection and an unknown name as unavailable', async () => {
    const port = await serve(() => {});
    await network.close();
    await assertRejectsWith(outgoing().fetch(`http://127.0.0.1:${port}/`), 'provider_unavailable');
    const resolveName = () => Promise.reject(new Error('ENOTFOUND'));
    await assertRejectsWith(outgoing({ resolveName }).fetch('http://unknown.test/'), 'provider_unavailable');
  });

  it("rejects with the caller's own reason when the caller aborts", async () => {
    const port = await serve(() => {});
    const controller = new AbortController();
    const call = outgoing().fetch(`http://127.0.0.1:${port}/`, { signal: controller.signal });
    const reason = new Error('cancelled');
    controller.abort(reason);
    await assert.rejects(call, reason);
  });
});
