import assert from 'node:assert/strict';
import { z } from 'zod';
import type { Caller } from '#runtime/caller.js';
import { assertRefused } from '#test/builders/assert-refused.js';
import { buildMember } from '#test/builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import type { BuilderApp } from '#test/builders/builder-app.js';
import { testSystem } from '#test/system.js';

const Present = z.object({
  items: z.array(z.object({ client: z.string(), name: z.string(), node: z.string().nullable() })),
});
const WithId = z.looseObject({ id: z.string() });

describe('presence at a draft', () => {
  let app: BuilderApp;
  let acme: BuiltOrganization;
  let id: string;
  before(async () => {
    ({ app } = await testSystem());
    acme = await buildOrganization(app);
    const draft = { name: 'Test', trigger: { type: 'manual' }, nodes: [], edges: [] };
    ({ id } = WithId.parse(await app.perform(acme.caller, 'automations.create', { name: 'Test', draft })));
  });

  const tell = (caller: Caller, more: object) =>
    app.perform(caller, 'automations.tell_presence', { id, client: 'window-1', ...more });
  const list = async (caller: BuiltOrganization['caller']) =>
    Present.parse(await app.perform(caller, 'automations.list_presence', { id })).items;

  it('is told to whoever may read the automation, until the window is left', async () => {
    const member = await buildMember(app, acme, 'member');
    const manager = await buildMember(app, acme, 'manager');
    await tell(manager.caller, { node: 'task' });
    assert.deepEqual(await list(member.caller), [{ client: 'window-1', name: 'A manager', node: 'task' }]);
    await tell(manager.caller, { isLeaving: true });
    assert.deepEqual(await list(member.caller), []);
  });

  it('is not told to those who may not read automations, nor by those who may not change them', async () => {
    const guest = await buildMember(app, acme, 'guest');
    const member = await buildMember(app, acme, 'member');
    await assertRefused(list(guest.caller), 'forbidden');
    await assertRefused(tell(member.caller, {}), 'forbidden');
  });

  it('is of people only, and of automations that are there', async () => {
    const scopes = ['automations:update'];
    const { id: keyId } = WithId.parse(
      await app.perform(acme.caller, 'api_keys.create', { name: 'Key', scopes }),
    );
    const { userId, orgId } = acme;
    await assertRefused(tell({ kind: 'api_key', orgId, userId, keyId, scopes }, {}), 'forbidden');
    await app.perform(acme.caller, 'automations.delete', { id });
    await assertRefused(list(acme.caller), 'not_found');
    await assertRefused(tell(acme.caller, {}), 'not_found');
  });

  it('leaves nothing in the audit log', async () => {
    const log = JSON.stringify(await app.perform(acme.caller, 'audit.list', { limit: 100 }));
    assert.match(log, /automations\.create/);
    assert.doesNotMatch(log, /tell_presence/);
  });
});
