import assert from 'node:assert/strict';
import { z } from 'zod';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildTask } from '../builders/build-task.js';
import { type ServedSystem, servedSystem } from '../ingress/served-system.js';
import { buildKey, connectMcp, revisions } from './mcp-client.js';

describe('records as resources of the Model Context Protocol', () => {
  let system: ServedSystem;
  let acme: BuiltOrganization;
  before(async () => {
    system = await servedSystem();
    acme = await buildOrganization(system.app);
  });

  async function connect(scopes?: readonly string[], revision: (typeof revisions)[number] = 'stateless') {
    const { key } = await buildKey(system.app, acme.caller, scopes);
    return connectMcp(system.address, key, revision);
  }

  for (const revision of revisions) {
    it(`are listed and read, in the revision with ${revision}`, async () => {
      const task = await buildTask(system.app, acme.caller, { title: `Read me, ${revision}` });
      const client = await connect(['tasks:read'], revision);
      const { resources } = await client.listResources();
      const listed = resources.find(({ uri }) => uri === `worksynapse://tasks/${task.id}`);
      assert.equal(listed?.title, `Read me, ${revision}`);
      const { contents } = await client.readResource({ uri: `worksynapse://tasks/${task.id}` });
      const [content] = contents;
      assert.equal(content?.mimeType, 'application/json');
      const { text } = z.object({ text: z.string() }).parse(content);
      assert.equal(JSON.parse(text).title, task.title);
      await client.close();
    });
  }

  it('have a template for each kind that the caller may read', async () => {
    const client = await connect(['tasks:read', 'projects:read', 'runs:read']);
    const { resourceTemplates } = await client.listResourceTemplates();
    assert.deepEqual(resourceTemplates.map(({ uriTemplate }) => uriTemplate).toSorted(), [
      'worksynapse://projects/{id}',
      'worksynapse://runs/{id}',
      'worksynapse://tasks/{id}',
    ]);
    const every = await connect();
    const all = (await every.listResourceTemplates()).resourceTemplates.map(({ name }) => name);
    for (const name of ['tasks', 'automations', 'members', 'approvals']) assert.ok(all.includes(name), name);
    await Promise.all([client.close(), every.close()]);
  });

  it('are listed kind by kind, in pages', async () => {
    const task = await buildTask(system.app, acme.caller);
    const client = await connect();
    const uris = (await client.listResources()).resources.map(({ uri }) => uri);
    assert.ok(uris.includes(`worksynapse://tasks/${task.id}`));
    assert.ok(uris.includes(`worksynapse://projects/${task.projectId}`));
    assert.equal(new Set(uris).size, uris.length);
    await client.close();
  });

  it('are not found when they are of another organization, gone, or of a kind that may not be read', async () => {
    const other = await buildOrganization(system.app);
    const foreign = await buildTask(system.app, other.caller);
    const own = await buildTask(system.app, acme.caller);
    const client = await connect(['tasks:read']);
    const addresses = [
      `worksynapse://tasks/${foreign.id}`,
      `worksynapse://projects/${own.projectId}`,
      'worksynapse://tasks/1',
      'worksynapse://nothing/0b0f6c4e-8f1d-4c52-9a37-5d2e61c7a904',
      `file:///etc/passwd`,
    ];
    for (const uri of addresses) await assert.rejects(client.readResource({ uri }), /[Nn]ot found/, uri);
    await client.readResource({ uri: `worksynapse://tasks/${own.id}` });
    await client.close();
  });
});
