import assert from 'node:assert/strict';
import { assertRejectsWith } from '#runtime/outgoing/testing/assert-rejects-with.js';
import { createHttpVendor, type SeenRequest, sendJson } from '#stack/vendors/http-vendor.js';
import { http } from './index.js';

describe('pages of answers', () => {
  const vendor = createHttpVendor(http);
  const { serve, call } = vendor;

  afterEach(() => vendor.close());

  const parameter = ({ target }: SeenRequest, name: string) =>
    new URL(target, 'http://a').searchParams.get(name);
  const targets = () => vendor.requests.map(({ target }) => target);

  /** Pages 1 to 3 of two numbers each, with links as GitHub writes them. */
  const linked = () =>
    serve((response, request) => {
      const page = Number(parameter(request, 'page') ?? 1);
      const link = `</list?page=1>; rel="first", </list?page=${page + 1}>; title="a, b"; rel="next"`;
      sendJson(response, [page * 2 - 1, page * 2], page < 3 ? { link } : {});
    });

  it('are followed by their links', async () => {
    const origin = await linked();
    const output = await call({ url: `${origin}/list`, pagination: { kind: 'link' } });
    assert.deepEqual(output.body, [1, 2, 3, 4, 5, 6]);
    assert.deepEqual([output.pages, output.hasMore, output.url], [3, false, `${origin}/list?page=3`]);
    assert.deepEqual(targets(), ['/list', '/list?page=2', '/list?page=3']);
  });

  it('are followed as far as the user says, and it is told that there are more', async () => {
    const origin = await linked();
    const output = await call({ url: `${origin}/list`, pagination: { kind: 'link', maxPages: 2 } });
    assert.deepEqual([output.body, output.pages, output.hasMore], [[1, 2, 3, 4], 2, true]);
    const all = await call({ url: `${origin}/list`, pagination: { kind: 'link', maxPages: 3 } });
    assert.equal(all.hasMore, false);
  });

  it('are followed by a cursor in the answer, beside the query that is there', async () => {
    const origin = await serve((response, request) => {
      const at = parameter(request, 'after') ?? '';
      const next = { '': 'x y', 'x y': 'z', z: null }[at];
      sendJson(response, { data: { items: [at] }, meta: { next } });
    });
    const pagination = { kind: 'cursor', cursor: 'meta.next', parameter: 'after', items: 'data.items' };
    const output = await call({ url: `${origin}/list`, query: { size: 1 }, pagination });
    assert.deepEqual(output.body, ['', 'x y', 'z']);
    assert.deepEqual(targets(), ['/list?size=1', '/list?size=1&after=x+y', '/list?size=1&after=z']);
  });

  for (const last of [null, '', undefined, false]) {
    it(`end with the cursor ${last}`, async () => {
      const origin = await serve((response) => sendJson(response, { items: [1], next: last }));
      const pagination = { kind: 'cursor', cursor: 'next', parameter: 'after', items: 'items' };
      assert.equal((await call({ url: origin, pagination })).pages, 1);
    });
  }

  it('end when they lead in a circle', async () => {
    const origin = await serve((response) => sendJson(response, { items: [1], next: 'same' }));
    const pagination = { kind: 'cursor', cursor: 'next', parameter: 'after', items: 'items' };
    const output = await call({ url: origin, pagination });
    assert.deepEqual([output.pages, output.hasMore], [2, false]);
  });

  it('are counted until one is empty', async () => {
    const origin = await serve((response, request) => {
      const page = Number(parameter(request, 'p'));
      sendJson(response, page < 2 ? [`page ${page}`] : []);
    });
    const output = await call({ url: origin, pagination: { kind: 'page', parameter: 'p', start: 0 } });
    assert.deepEqual([output.body, output.pages, output.hasMore], [['page 0', 'page 1'], 3, false]);
    assert.deepEqual(targets(), ['/?p=0', '/?p=1', '/?p=2']);
  });

  it('end at a status that the user accepts, and at an answer without content', async () => {
    for (const status of [404, 204]) {
      vendor.requests.length = 0;
      const origin = await serve((response, request) => {
        if (parameter(request, 'p') === '1') sendJson(response, [1]);
        else response.writeHead(status).end();
      });
      const pagination = { kind: 'page', parameter: 'p' };
      const output = await call({ url: origin, pagination, acceptStatus: [404] });
      assert.deepEqual([output.body, output.pages, output.status], [[1], 2, status]);
    }
  });

  it('carry the credentials each', async () => {
    const origin = await serve((response, request) => {
      // A vendor that repeats the key in its links, as some do.
      const link = `<${request.target.replace('/list?', '/list?page=2&')}>; rel=next`;
      sendJson(response, [request.target], parameter(request, 'page') ? {} : { link });
    });
    const secret = { scheme: 'query', name: 'key', value: 'very-secret' };
    const output = await call({ url: `${origin}/list?a=b`, pagination: { kind: 'link' } }, { secret });
    assert.deepEqual(targets(), ['/list?a=b&key=very-secret', '/list?page=2&a=b&key=very-secret']);
    assert.ok(!JSON.stringify(output).includes('very-secret'));
  });

  it('do not take credentials to another origin', async () => {
    const other = await serve((response) => sendJson(response, [2]));
    const origin = await serve((response) => sendJson(response, [1], { link: `<${other}>; rel="next"` }));
    const input = { url: origin, pagination: { kind: 'link' } };
    const secret = { scheme: 'bearer', token: 'very-secret' };
    await assertRejectsWith(call(input, { secret }), 'validation');
    assert.equal(vendor.requests.length, 1);
    assert.deepEqual((await call(input)).body, [1, 2]);
  });

  it('are refused where an answer has no list', async () => {
    const origin = await serve((response) => sendJson(response, { items: { a: 1 } }));
    for (const items of [undefined, 'items', 'data', 'items.a.b', 'constructor', '__proto__']) {
      await assertRejectsWith(call({ url: origin, pagination: { kind: 'link', items } }), 'validation');
    }
  });

  it('are refused when they are larger than 20 MiB together', async () => {
    const text = 'a'.repeat(7 * 1024 * 1024);
    const origin = await serve((response) => sendJson(response, [text]));
    const pagination = { kind: 'page', parameter: 'p' };
    await assertRejectsWith(call({ url: origin, pagination }), 'validation');
    assert.equal(vendor.requests.length, 3);
  });

  it('fail as a whole when one of them fails', async () => {
    const origin = await serve((response, request) => {
      if (parameter(request, 'p') === '1') sendJson(response, [1]);
      else response.writeHead(503).end();
    });
    await assertRejectsWith(
      call({ url: origin, pagination: { kind: 'page', parameter: 'p' } }),
      'provider_unavailable',
    );
  });
});
