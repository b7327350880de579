import assert from 'node:assert/strict';
import { assertRejectsWith } from './testing/assert-rejects-with.js';
import { createGuardedNetwork } from './testing/guarded-network.js';
import { type RebindingNameServer, startRebindingNameServer } from './testing/rebinding-name-server.js';

describe('a name whose answer changes', () => {
  const network = createGuardedNetwork();
  let names: RebindingNameServer | undefined;

  afterEach(async () => {
    names?.close();
    await network.close();
  });

  /** A way out that may reach this machine, standing for the public internet, and asks a hostile name server. */
  async function fetchWith(...addresses: string[]): Promise<typeof globalThis.fetch> {
    names = await startRebindingNameServer(addresses);
    return network.outgoing({ resolveName: names.resolveName }).fetch;
  }

  it('is asked for once a connection, and that answer is both checked and connected to', async () => {
    const port = await network.serve((_request, response) => response.end('first'));
    await network.serve((_request, response) => response.end('second'), '127.0.0.2', port);
    const fetch = await fetchWith('127.0.0.1', '127.0.0.2');
    assert.equal(await (await fetch(`http://rebinding.test:${port}/`)).text(), 'first');
    assert.equal(names?.lookUps, 1);
  });

  for (const address of ['10.0.0.5', '169.254.169.254', '100.100.100.200', '0.0.0.0']) {
    it(`is refused on its next connection once it answers with ${address}`, async () => {
      const port = await network.serve((_request, response) => {
        response.setHeader('connection', 'close').end('first');
      });
      const fetch = await fetchWith('127.0.0.1', address);
      const url = `http://rebinding.test:${port}/`;
      assert.equal(await (await fetch(url)).text(), 'first');
      await assertRejectsWith(fetch(url), 'validation');
      assert.equal(names?.lookUps, 2);
    });
  }

  it('is refused at once when only a later answer is public', async () => {
    const fetch = await fetchWith('192.168.0.1', '127.0.0.1');
    await assertRejectsWith(fetch('http://rebinding.test/'), 'validation');
    assert.equal(names?.lookUps, 1);
  });

  it('is checked again when a redirect leads back to it', async () => {
    let requests = 0;
    const port = await network.serve((_request, response) => {
      requests += 1;
      response.writeHead(302, { location: '/again', connection: 'close' }).end();
    });
    const fetch = await fetchWith('127.0.0.1', '172.16.0.1');
    await assertRejectsWith(fetch(`http://rebinding.test:${port}/`), 'validation');
    assert.equal(requests, 1);
  });

  it('keeps the connection that was checked while it is open', async () => {
    const port = await network.serve((_request, response) => response.end('first'));
    const fetch = await fetchWith('127.0.0.1', '10.0.0.5');
    const url = `http://rebinding.test:${port}/`;
    await fetch(url);
    // A connection is back in the pool a moment after its answer; until then the next call opens another.
    const second = await fetch(url).catch(() => undefined);
    if (second) assert.equal(await second.text(), 'first');
    else assert.equal(names?.lookUps, 2);
  });
});
