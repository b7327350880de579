import assert from 'node:assert/strict';
import { z } from 'zod';
import { buildOrganization } from '../builders/build-organization.js';
import { type ServedSystem, serveSystem } from '../ingress/served-system.js';
import { buildKey, connectMcp } from './mcp-client.js';

const Metadata = z.looseObject({
  resource: z.string(),
  bearer_methods_supported: z.array(z.string()),
  resource_documentation: z.url(),
});

describe('the address of the MCP server', () => {
  const page = 'https://tools.example';
  let system: ServedSystem;
  let key: string;
  let accessToken: string;
  before(async () => {
    system = await serveSystem({}, { CORS_ORIGINS: page });
    const { caller, accessToken: token } = await buildOrganization(system.app);
    accessToken = token;
    ({ key } = await buildKey(system.app, caller, ['tasks:read']));
  });

  function post(body: string, headers: Record<string, string> = {}) {
    return fetch(`${system.address}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      body,
    });
  }
  const listing = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });

  it('says to whoever has no valid credential where to read about it, and that document keeps to RFC 9728', async () => {
    for (const authorization of ['', 'Bearer wsk_wrong', 'Bearer nonsense']) {
      const response = await post(listing, { authorization });
      assert.equal(response.status, 401);
      const metadata = /resource_metadata="([^"]+)"/.exec(
        response.headers.get('www-authenticate') ?? '',
      )?.[1];
      assert.equal(metadata, `${system.address}/.well-known/oauth-protected-resource/mcp`);
      const document = Metadata.parse(await (await fetch(metadata)).json());
      assert.equal(document.resource, `${system.address}/mcp`);
      assert.deepEqual(document.bearer_methods_supported, ['header']);
      assert.equal('authorization_servers' in document, false);
      assert.equal((await fetch(document.resource_documentation)).status, 200);
    }
  });

  it('takes the credentials of the API: keys, and access tokens of people', async () => {
    const client = await connectMcp(system.address, accessToken);
    const names = (await client.listTools()).tools.map(({ name }) => name);
    assert.ok(names.includes('tasks_create'));
    assert.ok(!names.includes('api_keys_create'));
    await client.close();
  });

  it('is closed to pages of other sites, and open to those that the operator names', async () => {
    assert.equal((await post(listing, { origin: 'https://evil.example' })).status, 403);
    assert.equal((await post(listing, { origin: 'null' })).status, 403);
    const allowed = await post(listing, { origin: page });
    assert.equal(allowed.status, 200);
    assert.equal(allowed.headers.get('access-control-allow-origin'), page);
    assert.equal((await post(listing, { origin: system.address })).status, 200);
  });

  it('takes one message of up to 1 MiB, by POST', async () => {
    assert.equal((await post(`[${listing},${listing}]`)).status, 400);
    assert.equal((await post('{')).status, 400);
    assert.equal((await post(listing, { 'content-type': 'text/plain' })).status, 415);
    const large = JSON.stringify({ ...JSON.parse(listing), params: { x: 'x'.repeat(1024 * 1024) } });
    assert.equal((await post(large)).status, 413);
    for (const method of ['GET', 'DELETE']) {
      const response = await fetch(`${system.address}/mcp`, {
        method,
        headers: { authorization: `Bearer ${key}` },
      });
      assert.deepEqual([response.status, response.headers.get('allow')], [405, 'POST']);
    }
  });

  it('is counted at the rates of the plan', async () => {
    const limited = await serveSystem({}, { API_RATE_FACTOR: '0.01' });
    const { caller } = await buildOrganization(limited.app);
    const own = await buildKey(limited.app, caller, ['tasks:*']);
    const call = (name: string) =>
      fetch(`${limited.address}/mcp`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${own.key}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
        },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params: { name, arguments: {} },
        }),
      });
    const statuses: number[] = [];
    for (let turn = 0; turn < 8; turn += 1) {
      const response = await call('tasks_create');
      statuses.push(response.status);
      if (response.status !== 429) continue;
      assert.ok(Number(response.headers.get('retry-after')) >= 1);
    }
    assert.equal(statuses[0], 200);
    assert.equal(statuses.at(-1), 429);
    assert.equal((await call('tasks_list')).status, 200, 'reads have a rate of their own');
  });
});
