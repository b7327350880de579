import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { assertRejectsWith } from './testing/assert-rejects-with.js';
import { createGuardedNetwork } from './testing/guarded-network.js';

describe('the limits of a call', () => {
  const network = createGuardedNetwork();
  const { serve, outgoing } = network;

  afterEach(() => network.close());

  const body = Buffer.alloc(300_000);
  const packed: [string, Buffer][] = [
    ['identity', body],
    ['gzip', gzipSync(body)],
    ['deflate', deflateSync(body)],
    ['br', brotliCompressSync(body)],
  ];
  for (const [encoding, content] of packed) {
    it(`refuse an answer that is too large, sent with encoding ${encoding}`, async () => {
      const port = await serve((_request, response) => {
        response.setHeader('content-encoding', encoding).end(content);
      });
      const { fetch } = outgoing({ limits: { maxResponseSize: 100_000 } });
      await assertRejectsWith(fetch(`http://127.0.0.1:${port}/`), 'validation');
      const { fetch: roomy } = outgoing({ limits: { maxResponseSize: 300_000 } });
      const response = await roomy(`http://127.0.0.1:${port}/`);
      assert.equal((await response.arrayBuffer()).byteLength, body.length);
    });
  }

  it('end an answer that never ends as soon as it is too large', async () => {
    let answer: ServerResponse | undefined;
    const port = await serve((_request, response) => {
      answer = response;
      writeWithoutEnd(response);
    });
    const { fetch } = outgoing({ limits: { maxResponseSize: 100_000 } });
    await assertRejectsWith(fetch(`http://127.0.0.1:${port}/`), 'validation');
    if (answer && !answer.destroyed) await once(answer, 'close');
  });

  it('count the answers of redirects', async () => {
    const port = await serve((request, response) => {
      if (request.url === '/end') response.end('arrived');
      else response.writeHead(302, { location: '/end' }).end(body);
    });
    const { fetch } = outgoing({ limits: { maxResponseSize: 100_000 } });
    await assertRejectsWith(fetch(`http://127.0.0.1:${port}/`), 'validation');
  });

  it('give up on a server that is slow to answer or stops in the middle', async () => {
    const port = await serve((request, response) => {
      if (request.url === '/middle') response.write('a');
    });
    const { fetch } = outgoing({ limits: { totalTimeoutMs: 100 } });
    await assertRejectsWith(fetch(`http://127.0.0.1:${port}/silent`), 'provider_unavailable');
    await assertRejectsWith(fetch(`http://127.0.0.1:${port}/middle`), 'provider_unavailable');
  });

  it('hold for a call with its redirects together', async () => {
    const port = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      const answer = () => response.writeHead(left === 0 ? 200 : 302, { location: `/${left - 1}` }).end();
      setTimeout(answer, 60);
    });
    const { fetch } = outgoing({ limits: { totalTimeoutMs: 250 } });
    await assertRejectsWith(fetch(`http://127.0.0.1:${port}/5`), 'provider_unavailable');
  });

  it('hold for a name server that does not answer, and so does the wish of the caller', async () => {
    const resolveName = () => new Promise<never>(() => {});
    const limits = { totalTimeoutMs: 100, connectTimeoutMs: 2000 };
    const { fetch } = outgoing({ resolveName, limits });
    const startedAt = performance.now();
    await assert.rejects(fetch('http://silent.test/'), /within 0\.1 seconds/);
    assert.ok(performance.now() - startedAt < 1500, 'it does not wait for the connection to fail');
    const reason = new Error('cancelled');
    await assert.rejects(fetch('http://silent.test/', { signal: AbortSignal.abort(reason) }), reason);
  });

  it('report an answer that cannot be unpacked', async () => {
    const port = await serve((_request, response) => {
      response.setHeader('content-encoding', 'gzip').end('not packed');
    });
    await assertRejectsWith(outgoing().fetch(`http://127.0.0.1:${port}/`), 'provider_unavailable');
  });
});

function writeWithoutEnd(response: ServerResponse): void {
  const chunk = Buffer.alloc(16_384);
  while (!response.destroyed && response.write(chunk));
  if (!response.destroyed) response.once('drain', () => writeWithoutEnd(response));
}
