import assert from 'node:assert/strict';
import { parseUrl } from '#core/parse-url.js';
import { assertRejectsWith } from './testing/assert-rejects-with.js';
import { createGuardedNetwork } from './testing/guarded-network.js';

/** What attackers write for an address inside, by trick. */
const refused: Record<string, string[]> = {
  'this machine and what only seems another': [
    'http://127.0.0.1/',
    'http://localhost/',
    'http://LOCALHOST/',
    'http://localhost./',
    'http://127.0.0.1./',
    'http://0/',
    'http://0.0.0.0/',
    'http://[::]/',
    'http://[::1]/',
    'http://[0:0:0:0:0:0:0:1]/',
  ],
  'other ways to write an IPv4 address': [
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.0.0.1/',
    'http://017700000001/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://127.0.1/',
    'http://0xA9FEA9FE/',
    'http://2852039166/',
    'http://169.254.43518/',
    'http://0251.0376.0251.0376/',
  ],
  'letters that become others': [
    'http://①②⑦.0.0.1/',
    'http://127。0。0。1/',
    'http://１２７．０．０．１/',
    'http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/',
    'http://loc%61lhost/',
    'http://%31%32%37.0.0.1/',
    'http://loc\u00adalhost/',
  ],
  'IPv4 inside IPv6': [
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[::ffff:8.8.8.8]/',
    'http://[::127.0.0.1]/',
    'http://[::ffff:0:127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[64:ff9b::169.254.169.254]/',
    'http://[64:ff9b:1::a00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/',
    'http://[2600:1f00::5efe:10.0.0.1]/',
  ],
  'networks that are not the internet': [
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://192.168.0.1/',
    'http://100.64.0.1/',
    'http://198.18.0.1/',
    'http://192.0.2.1/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://[fc00::1]/',
    'http://[fe80::1]/',
    'http://[ff02::1]/',
    'http://[2001:db8::1]/',
    'http://[3fff::1]/',
  ],
  'metadata of clouds': [
    'http://169.254.169.254/latest/meta-data/',
    'http://169.254.170.2/v2/credentials/',
    'http://192.0.0.192/opc/v2/',
    'http://100.100.100.200/latest/meta-data/',
    'http://168.63.129.16/',
    'http://[fd00:ec2::254]/latest/meta-data/',
  ],
  'what is not plain HTTP': [
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_INFO',
    'data:text/plain,a',
    'javascript:0',
    'ws://example.com/',
    'no address',
    '//example.com/',
    '',
    'http://',
    'http://a b/',
    'http://[::1%25lo]/',
    'http://256.256.256.256/',
    'http://1.2.3.4.5/',
  ],
  'a user in the address': [
    'http://user:password@example.com/',
    'http://user@example.com/',
    'http://example.com@127.0.0.1/',
    'http://127.0.0.1\\@example.com/',
    'http://example.com:80@127.0.0.1/',
  ],
  'ports of other protocols': [
    'http://1.1.1.1:22/',
    'http://1.1.1.1:25/',
    'https://1.1.1.1:465/',
    'http://1.1.1.1:6667/',
    'http://1.1.1.1:0/',
    'http://1.1.1.1:65536/',
  ],
};

describe('the guard', () => {
  const network = createGuardedNetwork();
  // Nothing may be looked up past the machine's own names, so that no test depends on a name server.
  const resolveName = async (host: string) => [
    { address: host === 'localhost' ? '127.0.0.1' : '192.168.0.1', family: 4 },
  ];
  let closed: typeof fetch;

  beforeEach(() => {
    closed = network.outgoing({ allowLoopback: false, resolveName }).fetch;
  });
  afterEach(() => network.close());

  for (const [trick, addresses] of Object.entries(refused)) {
    for (const address of addresses) {
      it(`refuses ${trick}: ${address}`, () => assertRejectsWith(closed(address), 'validation'));
      if (!parseUrl(address)) continue;
      it(`refuses to be redirected to ${trick}: ${address}`, async () => {
        const port = await network.serve((_request, response) => {
          response.writeHead(302, { location: new URL(address).href }).end();
        });
        const allowedHosts = ['start.test'];
        const names = async (host: string) =>
          host === 'start.test' ? [{ address: '127.0.0.1', family: 4 }] : resolveName(host);
        const { fetch } = network.outgoing({ allowLoopback: false, allowedHosts, resolveName: names });
        await assertRejectsWith(fetch(`http://start.test:${port}/`), 'validation');
      });
    }
  }

  it('resolves an international name in its ASCII form, as it is checked', async () => {
    const asked: string[] = [];
    const { fetch } = network.outgoing({
      resolveName: async (host) => {
        asked.push(host);
        return [{ address: '10.0.0.1', family: 4 }];
      },
    });
    await assertRejectsWith(fetch('http://bücher.example/'), 'validation');
    assert.deepEqual(asked, ['xn--bcher-kva.example']);
  });

  it('refuses a name whose every address is refused, of both families', async () => {
    const { fetch } = network.outgoing({
      resolveName: async () => [
        { address: '::ffff:127.0.0.1', family: 6 },
        { address: '10.0.0.1', family: 4 },
        { address: 'fe80::1', family: 6 },
      ],
    });
    await assertRejectsWith(fetch('http://intranet.test/'), 'validation');
  });

  it('names the host in a refusal and never the credentials', async () => {
    await assert.rejects(closed('http://user:secret@example.com/'), (error: Error) => {
      return error.message.includes('example.com') && !error.message.includes('secret');
    });
    await assert.rejects(closed('http://192.168.7.7/'), /192\.168\.7\.7/);
  });

  for (const method of ['CONNECT', 'TRACE', 'track']) {
    it(`refuses the method ${method}`, () =>
      assertRejectsWith(closed('http://1.1.1.1/', { method }), 'validation'));
  }

  it('refuses headers that would add others, without repeating them', async () => {
    const call = closed('http://1.1.1.1/', { headers: { 'x-key': 'secret\r\nHost: inside' } });
    await assertRejectsWith(call, 'validation');
    await assert.rejects(call, (error: Error) => !`${error.message}${error.cause}`.includes('secret'));
    await assertRejectsWith(closed('http://1.1.1.1/', { method: 'GET\r\nX: y' }), 'validation');
  });

  it('sends none of the headers that belong to the connection, nor another host', async () => {
    const port = await network.serve((request, response) => response.end(JSON.stringify(request.headers)));
    const response = await network.outgoing().fetch(`http://127.0.0.1:${port}/`, {
      headers: { host: 'inside.test', connection: 'upgrade', upgrade: 'h2c', 'x-kept': '1' },
    });
    const seen = (await response.json()) as Record<string, string>;
    assert.equal(seen.host, `127.0.0.1:${port}`);
    assert.equal(seen.upgrade, undefined);
    assert.equal(seen['x-kept'], '1');
  });

  it('reaches an allowed host at a private address, and never link-local or metadata through it', async () => {
    const port = await network.serve((_request, response) => response.end('inside'));
    const to = (address: string) =>
      network.outgoing({
        allowLoopback: false,
        allowedHosts: ['model.test'],
        resolveName: async () => [{ address, family: 4 }],
      }).fetch;
    assert.equal(await (await to('127.0.0.1')(`http://model.test:${port}/`)).text(), 'inside');
    await assertRejectsWith(to('127.0.0.1')(`http://other.test:${port}/`), 'validation');
    for (const address of ['169.254.169.254', '100.100.100.200', 'fd00:ec2::254']) {
      await assertRejectsWith(to(address)(`http://model.test:${port}/`), 'validation');
    }
  });
});
