import assert from 'node:assert/strict';
import { assertRefused } from '#test/builders/assert-refused.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import type { BuilderApp } from '#test/builders/builder-app.js';
import { testSystem } from '#test/system.js';
import { Resource } from './describe-resource.js';

describe('catalogue.get_resource', () => {
  let app: BuilderApp;
  let acme: BuiltOrganization;
  before(async () => {
    ({ app } = await testSystem());
    acme = await buildOrganization(app);
  });

  const describeIt = async (name: string) =>
    Resource.parse(await app.perform(acme.caller, 'catalogue.get_resource', { name }));

  it('tells what a table of tasks needs: operations, fields, filters, orders and search', async () => {
    const tasks = await describeIt('tasks');
    assert.deepEqual(Object.keys(tasks.operations), ['list', 'get', 'create', 'update', 'delete', 'restore']);
    assert.equal(tasks.operations.create?.path, '/projects/:projectId/tasks');
    assert.equal(tasks.operations.create?.permission, 'tasks:create');
    assert.equal(tasks.topic, 'task');
    assert.equal(tasks.module, 'work');
    assert.equal(tasks.defaultSort, '-createdAt');
    assert.ok(tasks.sorts.includes('-dueDate'));
    assert.ok(tasks.isSearchable);
    assert.ok('assigneeId' in tasks.filters && !('cursor' in tasks.filters));
    assert.match(JSON.stringify(tasks.item.properties), /"in_review"/);
  });

  it('says of a resource without creation or search that it has none', async () => {
    const roles = await describeIt('sessions');
    assert.equal(roles.operations.create, undefined);
    assert.equal(roles.isSearchable, false);
  });

  it('knows no resource of another name', async () => {
    await assertRefused(describeIt('nothing'), 'not_found');
    await assertRefused(describeIt('__proto__'), 'not_found');
  });

  it('describes every resource that it names', async () => {
    const { names } = (await app.perform(acme.caller, 'catalogue.list_resources', {})) as { names: string[] };
    assert.ok(names.includes('tasks') && names.includes('projects'));
    for (const name of names) assert.equal((await describeIt(name)).name, name);
  });
});
