import assert from 'node:assert/strict';
import { z } from 'zod';
import { assertRefused } from '#test/builders/assert-refused.js';
import { chain } from '#test/builders/build-automation.js';
import { buildMember } from '#test/builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import type { BuilderApp } from '#test/builders/builder-app.js';
import { listEvents } from '#test/builders/list-events.js';
import { testSystem } from '#test/system.js';
import { Automation } from './automation.js';

const Issues = z.object({ issues: z.array(z.object({ path: z.string(), node: z.string().optional() })) });
const valid = chain({ type: 'webhook' }, [{ id: 'note', type: 'set', input: { values: { text: 'Hello' } } }]);

describe('a draft', () => {
  let app: BuilderApp;
  let acme: BuiltOrganization;
  before(async () => {
    ({ app } = await testSystem());
  });
  beforeEach(async () => {
    acme = await buildOrganization(app);
  });

  const perform = async (action: string, input: object, caller = acme.caller) =>
    Automation.parse(await app.perform(caller, `automations.${action}`, input));
  const create = (draft: object = valid) =>
    perform('create', { name: 'Test', description: 'What it does', draft });

  it('is saved again and again from the version that it was made of', async () => {
    let { id, version } = await create();
    for (const text of ['a', 'b', 'c']) {
      const draft = { ...valid, name: text };
      const saved = await perform('update', { id, version, draft });
      assert.deepEqual(saved.draft, draft);
      assert.equal(saved.version, version + 1);
      ({ version } = saved);
    }
  });

  it('is not saved over what another person saved meanwhile, and says who and when', async () => {
    const { id, version } = await create();
    const colleague = await buildMember(app, acme, 'manager');
    const theirs = await perform('update', { id, version, draft: { theirs: true } }, colleague.caller);
    assert.equal(theirs.updatedBy, colleague.userId);

    const mine = perform('update', { id, version, draft: { mine: true } });
    const error = await assertRefused(mine, 'conflict', 'version');
    assert.deepEqual(error.current, {
      version: theirs.version,
      updatedAt: theirs.updatedAt,
      updatedBy: { id: colleague.userId, name: 'A manager' },
    });
    assert.match(error.message, /changed meanwhile by A manager/);
    assert.deepEqual((await perform('get', { id })).draft, { theirs: true });
  });

  it('is not published when it is another than the one that was read', async () => {
    const { id, version } = await create();
    const saved = await perform('update', { id, draft: { ...valid, name: 'Other' } });
    await assertRefused(perform('publish', { id, version }), 'conflict', 'version');
    assert.equal((await perform('publish', { id, version: saved.version })).publishedVersion, 1);
  });

  it('may be unfinished, and a check tells what is missing and in which node', async () => {
    const nodes = [{ id: 'wait', type: 'wait' }, { id: 'note' }, 'later'];
    const draft = { ...valid, trigger: {}, nodes };
    const { id } = await create(draft);
    assert.deepEqual((await perform('get', { id })).draft, draft);
    const { issues } = Issues.parse(await app.perform(acme.caller, 'automations.check', { draft }));
    assert.deepEqual(
      issues.map(({ path, node }) => [path, node]),
      [
        ['trigger.type', 'trigger'],
        ['nodes.0.input', 'wait'],
        ['nodes.1.type', 'note'],
        ['nodes.2', undefined],
      ],
    );
    const refused = await assertRefused(perform('publish', { id }), 'validation', 'nodes.0.input');
    assert.deepEqual(refused.issues.map(({ path }) => path).sort(), issues.map(({ path }) => path).sort());
    assert.equal((await perform('get', { id })).publishedVersion, null);
  });

  it('is duplicated as a new automation that is not published and has addresses of its own', async () => {
    const first = await create();
    await perform('publish', { id: first.id });
    const copy = await perform('duplicate', { id: first.id });
    assert.equal(copy.name, 'Test (copy)');
    assert.equal(copy.description, first.description);
    assert.deepEqual(copy.draft, { ...valid, name: 'Test (copy)' });
    assert.deepEqual([copy.status, copy.publishedVersion, copy.version], ['draft', null, 1]);
    assert.notEqual(copy.webhookUrl, first.webhookUrl);
    assert.deepEqual(
      (await listEvents(app, acme.orgId, copy.id)).map(({ type }) => type),
      ['automation.created'],
    );
    const named = await perform('duplicate', { id: first.id, name: 'Another' });
    assert.deepEqual([named.name, named.draft], ['Another', { ...valid, name: 'Another' }]);
  });

  it('is duplicated under a name that fits, however long the first one is', async () => {
    const { id } = await perform('create', { name: 'x'.repeat(200), draft: {} });
    const { name } = await perform('duplicate', { id });
    assert.equal(name.length, 200);
    assert.ok(name.endsWith('x (copy)'));
  });

  it('is not shown by a duplicate to who may create automations, but not read them', async () => {
    const { id } = await create();
    const caller = {
      ...acme.caller,
      kind: 'api_key' as const,
      keyId: acme.userId,
      scopes: ['automations:create'],
    };
    await assertRefused(app.perform(caller, 'automations.duplicate', { id }), 'forbidden');
  });
});
