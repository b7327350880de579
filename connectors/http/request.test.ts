import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { assertRejectsWith } from '#runtime/outgoing/testing/assert-rejects-with.js';
import { createMemoryFileStore, runConnectorAction } from '#stack/vendors/connector-context.js';
import { createHttpVendor, sendJson } from '#stack/vendors/http-vendor.js';
import { http } from './index.js';

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');

describe('http.request', () => {
  const vendor = createHttpVendor(http);
  const { serve, call } = vendor;
  let origin: string;

  beforeEach(async () => {
    origin = await serve((response) => sendJson(response, { ok: true }));
  });
  afterEach(() => vendor.close());

  describe('what is sent', () => {
    it('is a GET without a body unless told otherwise', async () => {
      const output = await call({ url: `${origin}/things` });
      assert.deepEqual(output.body, { ok: true });
      assert.equal(output.status, 200);
      assert.equal(output.url, `${origin}/things`);
      assert.equal(output.pages, 1);
      const { method, target, headers, body } = vendor.last() ?? assert.fail();
      assert.deepEqual([method, target, body.length], ['GET', '/things', 0]);
      for (const name of ['authorization', 'cookie', 'idempotency-key', 'content-type'])
        assert.equal(headers[name], undefined, name);
    });

    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']) {
      it(`has the method ${method}`, async () => {
        await call({ method, url: origin });
        assert.equal(vendor.last()?.method, method);
      });
    }

    it('adds to the query, a list as a repeated name, and leaves what is there', async () => {
      const query = { tag: ['a', 'b c'], größe: 2, on: true };
      await call({ url: `${origin}/x?q=a%20b&x`, query });
      assert.equal(vendor.last()?.target, '/x?q=a%20b&x&tag=a&tag=b+c&gr%C3%B6%C3%9Fe=2&on=true');
    });

    it('has the headers of the user', async () => {
      await call({ url: origin, headers: { 'X-One': '1', Accept: 'text/csv' } });
      assert.equal(vendor.last()?.headers['x-one'], '1');
      assert.equal(vendor.last()?.headers.accept, 'text/csv');
    });

    it('can be JSON of any kind', async () => {
      for (const value of [{ a: ['ü', null] }, [1], 'text', 0, false, null]) {
        await call({ method: 'POST', url: origin, body: { kind: 'json', value } });
        assert.equal(vendor.last()?.headers['content-type'], 'application/json');
        assert.equal(vendor.last()?.body.toString(), JSON.stringify(value));
      }
    });

    it('can be a form', async () => {
      const fields = { name: 'Ada & Co', tag: ['a', 'b'], n: 1 };
      await call({ method: 'PUT', url: origin, body: { kind: 'form', fields } });
      assert.match(vendor.last()?.headers['content-type'] ?? '', /^application\/x-www-form-urlencoded/);
      assert.equal(vendor.last()?.body.toString(), 'name=Ada+%26+Co&tag=a&tag=b&n=1');
    });

    it('can have several parts, values and files', async () => {
      const files = createMemoryFileStore();
      const content = Buffer.from([0, 255, 13, 10]);
      const stored = await files.put(content, 'image/png');
      const parts = [
        { name: 'title', value: 'Grüße' },
        { name: 'file', sha256: stored.sha256, filename: 'a "b".png', contentType: 'image/png' },
      ];
      await call({ method: 'POST', url: origin, body: { kind: 'multipart', parts } }, { files });
      const { headers, body } = vendor.last() ?? assert.fail();
      const form = await new Response(new Uint8Array(body), {
        headers: { 'content-type': headers['content-type'] ?? '' },
      }).formData();
      assert.equal(form.get('title'), 'Grüße');
      const file = form.get('file');
      assert.ok(file instanceof File);
      assert.equal(file.type, 'image/png');
      assert.equal(file.name, 'a "b".png');
      assert.deepEqual(Buffer.from(await file.arrayBuffer()), content);
    });

    it('can be text of a type of its own', async () => {
      const body = { kind: 'text', text: '<a>ü</a>', contentType: 'application/xml' };
      await call({ method: 'POST', url: origin, body });
      assert.equal(vendor.last()?.headers['content-type'], 'application/xml');
      assert.equal(vendor.last()?.body.toString(), '<a>ü</a>');
      await call({ method: 'POST', url: origin, body, headers: { 'Content-Type': 'text/xml' } });
      assert.equal(vendor.last()?.headers['content-type'], 'text/xml');
    });

    it('can be a stored file', async () => {
      const files = createMemoryFileStore();
      const content = Buffer.from([1, 2, 0, 255]);
      const stored = await files.put(content, 'application/zip');
      const body = { kind: 'file', sha256: stored.sha256, contentType: 'application/zip' };
      await call({ method: 'PUT', url: origin, body }, { files });
      assert.equal(vendor.last()?.headers['content-type'], 'application/zip');
      assert.deepEqual(vendor.last()?.body, content);
    });

    it('cannot be files of more than 25 MiB together', async () => {
      const files = createMemoryFileStore();
      const { sha256: large } = await files.put(Buffer.alloc(13 * 1024 * 1024), 'application/zip');
      const part = { name: 'f', sha256: large, filename: 'f', contentType: 'application/zip' };
      const body = { kind: 'multipart', parts: [part, part] };
      await assertRejectsWith(call({ method: 'POST', url: origin, body }, { files }), 'validation');
      assert.deepEqual(vendor.requests, []);
    });
  });

  const wrong: [string, Record<string, unknown>][] = [
    ['a body with GET', { body: { kind: 'text', text: 'a' } }],
    ['JSON without a value', { method: 'POST', body: { kind: 'json' } }],
    ['a body of an unknown kind', { method: 'POST', body: { kind: 'xml', text: 'a' } }],
    [
      'a part that is neither value nor file',
      { method: 'POST', body: { kind: 'multipart', parts: [{ name: 'a' }] } },
    ],
    ['an unknown field', { retries: 3 }],
    ['another method', { method: 'TRACE' }],
    ['a line break in a header', { headers: { 'x-a': 'a\r\nHost: b' } }],
    ['a line break in the name of a header', { headers: { 'x-a\r\nb': 'a' } }],
    [
      'a line break in a content type',
      { method: 'POST', body: { kind: 'text', text: 'a', contentType: 'a/b;c\r\nd' } },
    ],
    ['pages of POST', { method: 'POST', pagination: { kind: 'link' } }],
    ['pages of text', { response: 'text', pagination: { kind: 'link' } }],
    ['more than 100 pages', { pagination: { kind: 'link', maxPages: 101 } }],
    ...[
      'Host',
      'content-length',
      'Connection',
      'transfer-encoding',
      'TE',
      'Upgrade',
      'proxy-authorization',
    ].map((name): [string, Record<string, unknown>] => [`the header ${name}`, { headers: { [name]: '1' } }]),
  ];
  for (const [name, input] of wrong) {
    it(`does not take ${name}`, async () => {
      await assert.rejects(call({ url: origin, ...input }), { name: 'ZodError' });
      assert.deepEqual(vendor.requests, []);
    });
  }

  it('does not take a content type for several parts, which has the boundary', async () => {
    const body = { kind: 'multipart', parts: [{ name: 'a', value: 'b' }] };
    const headers = { 'content-type': 'multipart/form-data' };
    await assertRejectsWith(call({ method: 'POST', url: origin, body, headers }), 'validation');
  });

  describe('an attempt that may be a repetition', () => {
    it('carries the key of the step with POST and PATCH, unless the user set one', async () => {
      for (const method of ['POST', 'PATCH']) {
        await call({ method, url: origin });
        assert.equal(vendor.last()?.headers['idempotency-key'], 'run-1:node:0');
        await call({ method, url: origin, headers: { 'IDEMPOTENCY-key': 'own' } });
        assert.equal(vendor.last()?.headers['idempotency-key'], 'own');
      }
      await call({ method: 'PUT', url: origin });
      assert.equal(vendor.last()?.headers['idempotency-key'], undefined);
    });

    it('is not made with POST and PATCH, unless the user says so', async () => {
      for (const method of ['POST', 'PATCH']) {
        await assertRejectsWith(call({ method, url: origin }, { isRetry: true }), 'conflict');
        assert.equal(vendor.requests.length, 0);
        await call({ method, url: origin, onUnknownOutcome: 'repeat' }, { isRetry: true });
        assert.equal(vendor.requests.splice(0).length, 1);
      }
    });

    for (const method of ['GET', 'PUT', 'DELETE', 'HEAD', 'OPTIONS']) {
      it(`is made with ${method}`, async () => {
        await call({ method, url: origin }, { isRetry: true });
        assert.equal(vendor.requests.length, 1);
      });
    }
  });

  describe('the answer', () => {
    const png = Buffer.from([0x89, 0x50, 0, 0xff]);
    const file = { sha256: sha256(png), size: 4, contentType: 'image/png' };
    const latin = Buffer.from('Grüße', 'latin1');
    const answers: [string, string | undefined, string | Buffer, string, unknown][] = [
      ['JSON', 'application/json; charset=utf-8', '{"a":[1]}', 'auto', { a: [1] }],
      ['JSON of a vendor', 'application/vnd.api+json', '[1]', 'auto', [1]],
      ['JSON that is none', 'application/json', '{"a":', 'auto', '{"a":'],
      ['JSON under another name, when asked for', 'text/plain', '{"a":1}', 'json', { a: 1 }],
      ['JSON, when text is asked for', 'application/json', '{"a":1}', 'text', '{"a":1}'],
      ['text', 'text/html', '<p>Hi</p>', 'auto', '<p>Hi</p>'],
      ['text in another character set', 'text/plain; charset="ISO-8859-1"', latin, 'auto', 'Grüße'],
      ['text in a character set that nobody knows', 'text/plain; charset=x-none', 'Hi', 'auto', 'Hi'],
      ['text without a type', undefined, 'Grüße', 'auto', 'Grüße'],
      ['a file', 'image/png', png, 'auto', file],
      ['a file without a type', undefined, png, 'auto', { ...file, contentType: 'application/octet-stream' }],
      [
        'a file, when asked for',
        'text/csv; a=b',
        'a;b',
        'file',
        { sha256: sha256('a;b'), size: 3, contentType: 'text/csv' },
      ],
      ['nothing', 'application/json', '', 'json', null],
    ];
    for (const [name, type, content, response, expected] of answers) {
      it(`can be ${name}`, async () => {
        const url = await serve((answer) => {
          if (type !== undefined) answer.setHeader('content-type', type);
          answer.end(content);
        });
        assert.deepEqual((await call({ url, response })).body, expected);
      });
    }

    it('is kept where the file says', async () => {
      const url = await serve((response) => response.setHeader('content-type', 'image/png').end(png));
      const files = createMemoryFileStore();
      await call({ url }, { files });
      assert.deepEqual(Buffer.from(await files.get(file.sha256)), png);
    });

    it('is refused when it must be JSON and is not', async () => {
      const url = await serve((response) => response.end('<p>'));
      await assertRejectsWith(call({ url, response: 'json' }), 'validation');
    });

    it('is refused when it is larger than 10 MiB', async () => {
      const url = await serve((response) => response.end(Buffer.alloc(10 * 1024 * 1024 + 1)));
      await assertRejectsWith(call({ url }), 'validation');
    });

    it('shows its headers, but no cookies or other credentials', async () => {
      const url = await serve((response) =>
        sendJson(response, 1, {
          'x-own': 'shown',
          'set-cookie': 'session=hidden',
          'www-authenticate': 'Digest nonce="hidden"',
          'x-auth-token': 'hidden',
        }),
      );
      const { headers } = await call({ url });
      assert.equal(headers['x-own'], 'shown');
      assert.ok(!JSON.stringify(headers).includes('hidden'));
    });

    it('tells where it came from after redirects', async () => {
      const url = await serve((response, { target }) => {
        if (target === '/end') response.end('arrived');
        else response.writeHead(302, { location: '/end' }).end();
      });
      const output = await call({ url: `${url}/start` });
      assert.equal(output.url, `${url}/end`);
      assert.equal(output.body, 'arrived');
    });
  });

  it('ends when the step is cancelled', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const url = await serve(() => controller.abort(reason));
    await assert.rejects(call({ url }, { signal: controller.signal }), reason);
  });

  const refused = [
    'http://169.254.169.254/',
    'http://10.0.0.1/',
    'http://[::1]/',
    'http://localhost/',
    'http://2130706433/',
    'ftp://a.example/',
    'http://u:p@a.example/',
    'http://a.example:25/',
    'no address',
    '//a.example/',
  ];
  for (const url of refused) {
    it(`is refused to call ${url}`, async () => {
      const { fetch } = vendor.network.outgoing({ allowLoopback: false });
      const closed = { ...vendor.context(), fetch };
      await assertRejectsWith(runConnectorAction(http, 'http.request', closed, { url }), 'validation');
    });
  }
});
