import assert from 'node:assert/strict';
import { pageOutput } from '#runtime/resource/page.js';
import { assertRefused } from '#test/builders/assert-refused.js';
import { buildMember } from '#test/builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { buildProject } from '#test/builders/build-project.js';
import type { BuilderApp } from '#test/builders/builder-app.js';
import { listEvents } from '#test/builders/list-events.js';
import { testSystem } from '#test/system.js';
import { Project } from './project.js';

const Listed = pageOutput(Project);

describe('projects', () => {
  let app: BuilderApp;
  let acme: BuiltOrganization;
  before(async () => {
    ({ app } = await testSystem());
    acme = await buildOrganization(app);
  });
  const perform = (action: string, input: unknown) => app.perform(acme.caller, action, input);

  it('are created, changed, deleted and restored, with an event each', async () => {
    const { id } = await buildProject(app, acme.caller, { name: 'Shop' });
    const changed = Project.parse(await perform('projects.update', { id, status: 'archived', version: 1 }));
    assert.deepEqual([changed.status, changed.name, changed.version], ['archived', 'Shop', 2]);
    await perform('projects.delete', { id });
    await assertRefused(perform('projects.get', { id }), 'not_found');
    await perform('projects.restore', { id });
    assert.equal(Project.parse(await perform('projects.get', { id })).version, 4);
    const types = (await listEvents(app, acme.orgId, id)).map(({ type }) => type);
    assert.deepEqual(types, ['project.created', 'project.updated', 'project.deleted', 'project.restored']);
  });

  it('are listed by status, name and search, each organization its own', async () => {
    const other = await buildOrganization(app, { name: 'Other' });
    await buildProject(app, other.caller, { name: 'Beta of the others' });
    await buildProject(app, acme.caller, { name: 'Beta' });
    await buildProject(app, acme.caller, { name: 'Alpha', description: 'the beta before the beta' });
    await buildProject(app, acme.caller, { name: 'Beta, old', status: 'archived' });
    const input = { q: 'beta', status: 'active', sort: 'name' };
    const { items } = Listed.parse(await perform('projects.list', input));
    assert.deepEqual(
      items.map(({ name }) => name),
      ['Alpha', 'Beta'],
    );
  });

  it('need a name of 1 to 200 characters', async () => {
    for (const name of ['', 'x'.repeat(201), null]) {
      await assertRefused(perform('projects.create', { name }), 'validation', 'name');
    }
  });

  it('can be read but not changed by a member', async () => {
    const { id } = await buildProject(app, acme.caller);
    const { caller } = await buildMember(app, acme, 'member');
    assert.equal(Project.parse(await app.perform(caller, 'projects.get', { id })).id, id);
    await assertRefused(app.perform(caller, 'projects.update', { id, name: 'x' }), 'forbidden');
    await assertRefused(app.perform(caller, 'projects.delete', { id }), 'forbidden');
  });
});
