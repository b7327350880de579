import assert from 'node:assert/strict';
import { AppError } from '#core/errors.js';
import { assertRejectsWith } from '#runtime/outgoing/testing/assert-rejects-with.js';
import { createHttpVendor, type SeenRequest, sendJson } from '#stack/vendors/http-vendor.js';
import { http } from './index.js';

const schemes = {
  basic: { scheme: 'basic', username: 'ada', password: 'p4ss: "wörd"' },
  bearer: { scheme: 'bearer', token: 'tok-en+/=1' },
  header: { scheme: 'header', name: 'X-Api-Key', value: 'Key se+cret/header' },
  query: { scheme: 'query', name: 'api_key', value: 'se cr&et /ü' },
};
const basic = Buffer.from('ada:p4ss: "wörd"').toString('base64');

/** Everything that must not come out, in the forms in which it travels. */
const hidden = [
  ...[
    'p4ss: "wörd"',
    'p4ss: \\"wörd\\"',
    basic,
    'tok-en+/=1',
    'tok-en%2B%2F%3D1',
    'se+cret/header',
    'se+cret%2Fheader',
  ],
  ...['se cr&et /ü', 'se+cr%26et+%2F%C3%BC', 'se%20cr%26et%20%2F%C3%BC'],
];

describe('the credentials of an HTTP connection', () => {
  const vendor = createHttpVendor(http);
  const { serve, call } = vendor;

  afterEach(() => vendor.close());

  /** All that a request says, so that a server can repeat it. */
  const told = ({ target, headers, body }: SeenRequest) => {
    const query = [...new URL(target, 'http://a').searchParams];
    return { target, query, headers, body: body.toString() };
  };

  const carried: [keyof typeof schemes, (request: SeenRequest) => unknown, string][] = [
    ['basic', ({ headers }) => headers.authorization, `Basic ${basic}`],
    ['bearer', ({ headers }) => headers.authorization, 'Bearer tok-en+/=1'],
    ['header', ({ headers }) => headers['x-api-key'], 'Key se+cret/header'],
    ['query', ({ target }) => target, '/a?b=c%20d&api_key=se+cr%26et+%2F%C3%BC'],
  ];
  for (const [scheme, carrier, expected] of carried) {
    it(`are sent by the scheme ${scheme}`, async () => {
      const origin = await serve((response) => sendJson(response, {}));
      await call({ url: `${origin}/a?b=c%20d` }, { secret: schemes[scheme] });
      assert.equal(carrier(vendor.last() ?? assert.fail()), expected);
    });

    it(`do not come out when an answer repeats them, by the scheme ${scheme}`, async () => {
      const origin = await serve((response, request) => {
        const text = JSON.stringify(told(request));
        const location = request.target.startsWith('/away')
          ? request.target.replace('away', 'home')
          : undefined;
        const type = request.target.includes('json') ? 'application/json' : 'text/plain';
        response.setHeader('content-type', type).setHeader('x-echo', encodeURIComponent(text));
        if (location !== undefined) response.writeHead(302, { location });
        response.end(text);
      });
      const secret = schemes[scheme];
      for (const path of ['/home', '/home?json', '/away?text', '/away?json']) {
        const output = JSON.stringify(await call({ url: origin + path }, { secret }));
        for (const form of hidden) assert.ok(!output.includes(form), `${form} in ${output}`);
      }
      await assertRejectsWith(call({ url: origin, response: 'file' }, { secret }), 'validation');
    });

    it(`do not come out with an error, by the scheme ${scheme}`, async () => {
      const origin = await serve((response, request) => {
        response.writeHead(Number(request.target.slice(1, 4)), { 'content-type': 'text/plain' });
        response.end(JSON.stringify(told(request)));
      });
      for (const status of [400, 401, 403, 404, 409, 429, 500, 503]) {
        await assert.rejects(call({ url: `${origin}/${status}` }, { secret: schemes[scheme] }), (error) => {
          assert.ok(error instanceof AppError);
          const shown = `${error.message} ${JSON.stringify(error.issues)} ${error.stack} ${error.cause}`;
          for (const form of hidden) assert.ok(!shown.includes(form), `${form} in ${shown}`);
          return true;
        });
      }
    });

    it(`are not sent to another origin by a redirect, by the scheme ${scheme}`, async () => {
      const other = await serve((response, request) => sendJson(response, told(request)));
      const origin = await serve((response) => response.writeHead(307, { location: other }).end());
      await call(
        { method: 'POST', url: origin, headers: { Cookie: 'session=1' } },
        { secret: schemes[scheme] },
      );
      const { target, headers } = vendor.last() ?? assert.fail();
      assert.equal(vendor.requests.length, 2);
      assert.equal(target, '/');
      for (const name of ['authorization', 'x-api-key', 'cookie'])
        assert.equal(headers[name], undefined, name);
    });

    it(`are refused once the other side says so, by the scheme ${scheme}`, async () => {
      for (const status of [401, 403]) {
        const origin = await serve((response) => response.writeHead(status).end('no'));
        await assertRejectsWith(call({ url: origin }, { secret: schemes[scheme] }), 'credentials_expired');
        await assertRejectsWith(call({ url: origin }), 'validation');
        const context = vendor.context({ config: { baseUrl: origin }, secret: schemes[scheme] });
        await assertRejectsWith(http.test(context), 'credentials_expired');
      }
    });
  }

  it('cannot be set by the request as well', async () => {
    const url = 'http://127.0.0.1/';
    const attempts: [Record<string, unknown>, object][] = [
      [{ headers: { AUTHORIZATION: 'Bearer own' } }, schemes.basic],
      [{ headers: { authorization: 'Bearer own' } }, schemes.bearer],
      [{ headers: { 'x-api-KEY': 'own' } }, schemes.header],
      [{ query: { api_key: 'own' } }, schemes.query],
    ];
    for (const [input, secret] of attempts)
      await assertRejectsWith(call({ url, ...input }, { secret }), 'validation');
  });

  it('are not in the address of an answer, however short', async () => {
    const origin = await serve((response) => sendJson(response, {}));
    const output = await call({ url: `${origin}/?a=b` }, { secret: { ...schemes.query, value: 'xyz' } });
    assert.equal(vendor.last()?.target, '/?a=b&api_key=xyz');
    assert.equal(output.url, `${origin}/?a=b`);
  });

  it('replace a parameter of the same name in the url', async () => {
    const origin = await serve((response) => sendJson(response, {}));
    await call({ url: `${origin}/?api_key=other&a=b` }, { secret: schemes.query });
    assert.equal(vendor.last()?.target, '/?api_key=se+cr%26et+%2F%C3%BC&a=b');
  });

  describe('with a base address', () => {
    const relative: [string, string][] = [
      ['', '/v1'],
      ['?a=b', '/v1?a=b'],
      ['users', '/v1/users'],
      ['/users?a=b#c', '/v1/users?a=b'],
      ['//evil.example/users', '/v1/evil.example/users'],
      ['\\\\evil.example', '/v1/evil.example'],
      ['/\t/evil.example', '/v1//evil.example'],
      ['@evil.example', '/v1/@evil.example'],
      ['.evil.example', '/v1/.evil.example'],
      ['../users', '/users'],
    ];
    for (const [url, target] of relative) {
      it(`lead from "${url}" to ${target}`, async () => {
        const origin = await serve((response) => sendJson(response, {}));
        await call({ url }, { config: { baseUrl: `${origin}/v1` }, secret: schemes.bearer });
        assert.equal(vendor.last()?.target, target);
      });
    }

    it('may be told the whole address, within their origin', async () => {
      const origin = await serve((response) => sendJson(response, {}));
      await call(
        { url: `${origin}/other` },
        { config: { baseUrl: `${origin}/v1/` }, secret: schemes.bearer },
      );
      assert.equal(vendor.last()?.target, '/other');
    });

    for (const url of [
      'http://127.0.0.2/',
      'https://127.0.0.1/',
      'http://127.0.0.1:1234/',
      'http:evil.example',
      'HTTP://evil.example',
      ' http://evil.example',
      'file:///etc/passwd',
    ]) {
      it(`are not sent to "${url}"`, async () => {
        const origin = await serve((response) => sendJson(response, {}));
        const choices = { config: { baseUrl: origin }, secret: schemes.bearer };
        await assertRejectsWith(call({ url }, choices), 'validation');
        assert.deepEqual(vendor.requests, []);
      });
    }

    it('are tried by asking for it, whatever it answers but a refusal or an outage', async () => {
      let status = 200;
      const origin = await serve((response) => response.writeHead(status).end());
      const context = vendor.context({ config: { baseUrl: `${origin}/v1` }, secret: schemes.basic });
      for (status of [200, 204, 404, 405]) {
        assert.deepEqual(await http.test(context), { account: `ada at ${new URL(origin).host}` });
      }
      assert.equal(vendor.last()?.target, '/v1');
      assert.equal(vendor.last()?.headers.authorization, `Basic ${basic}`);
      for (status of [500, 503]) await assertRejectsWith(http.test(context), 'provider_unavailable');
      await vendor.network.close();
      await assertRejectsWith(http.test(context), 'provider_unavailable');
    });
  });

  it('have nothing to be tried on without a base address', async () => {
    const context = vendor.context({ secret: schemes.bearer });
    assert.deepEqual(await http.test(context), { account: 'any address' });
  });

  it('must be of one scheme and fit into a request', () => {
    const { auth } = http;
    assert.ok(auth.kind !== 'none');
    const wrong = [
      {},
      { scheme: 'digest' },
      { ...schemes.basic, token: 'a' },
      { ...schemes.basic, username: 'a:b' },
      { ...schemes.basic, password: 'a\nb' },
      { scheme: 'bearer', token: 'a b' },
      { scheme: 'bearer', token: 'a\r\nX: y' },
      { scheme: 'header', name: 'Host', value: 'a' },
      { scheme: 'header', name: 'a b', value: 'a' },
      { scheme: 'header', name: 'x-a', value: 'a\r\nb: c' },
    ];
    for (const secret of wrong)
      assert.equal(auth.secret.safeParse(secret).success, false, JSON.stringify(secret));
    for (const secret of Object.values(schemes)) auth.secret.parse(secret);
    for (const baseUrl of [
      'ftp://a.example',
      'https://u:p@a.example',
      'https://a.example?key=1',
      'https://a.example#b',
    ])
      assert.equal(http.config.safeParse({ baseUrl }).success, false, baseUrl);
  });
});
