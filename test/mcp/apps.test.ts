import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { startSlackServer } from '#stack/vendors/slack-server.js';
import { buildSlackConnection, testToken } from '../builders/build-connection.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { eventually } from '../eventually.js';
import { type ServedSystem, servedSystem } from '../ingress/served-system.js';
import { buildKey, connectMcp, revisions } from './mcp-client.js';

const Problem = z.looseObject({
  code: z.string(),
  issues: z.array(z.object({ path: z.string() })).default([]),
});

describe('an action of an app that an MCP client calls', () => {
  let system: ServedSystem;
  let acme: BuiltOrganization;
  let key: string;
  before(async () => {
    system = await servedSystem();
    acme = await buildOrganization(system.app);
    ({ key } = await buildKey(system.app, acme.caller, ['slack:*', 'http:*']));
  });

  it('goes by the connection that the arguments name', async () => {
    const slack = await startSlackServer({ token: testToken });
    const { id: connectionId } = await buildSlackConnection(system.app, acme.caller, slack.url);
    const client = await connectMcp(system.address, key);
    const post = (more: object) =>
      client.callTool({
        name: 'slack_post_message',
        arguments: { channel: '#general', text: 'Hello', ...more },
      });
    const posted = await post({ connectionId });
    assert.equal(posted.isError, undefined);
    assert.deepEqual(
      slack.messages.map(({ text }) => text),
      ['Hello'],
    );
    const { code, issues } = Problem.parse((await post({ connectionId: 7 })).structuredContent);
    assert.deepEqual([code, issues], ['validation', [{ path: 'connectionId' }]]);
    const other = await buildOrganization(system.app);
    const foreign = await buildSlackConnection(system.app, other.caller, slack.url);
    const refused = Problem.parse((await post({ connectionId: foreign.id })).structuredContent);
    assert.deepEqual([refused.code, refused.issues], ['validation', [{ path: 'connection' }]]);
    assert.equal(slack.messages.length, 1);
    await Promise.all([client.close(), slack.close()]);
  });

  for (const revision of revisions) {
    it(`is broken off within a second when the client cancels, in the revision with ${revision}`, async () => {
      const open = new Set<ServerResponse>();
      const silent = createServer((_request, response) => {
        open.add(response);
        response.once('close', () => open.delete(response));
      });
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const { port } = silent.address() as AddressInfo;
      const client = await connectMcp(system.address, key, revision);
      const cancelled = new AbortController();
      const call = client.callTool(
        { name: 'http_request', arguments: { method: 'GET', url: `http://127.0.0.1:${port}/` } },
        { signal: cancelled.signal },
      );
      await eventually('the request is out', () => (open.size === 1 ? true : undefined));
      cancelled.abort();
      await assert.rejects(call);
      await eventually('the request is broken off', () => (open.size === 0 ? true : undefined), 1_000);
      await client.close();
      silent.close();
    });
  }
});
