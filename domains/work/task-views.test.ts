import assert from 'node:assert/strict';
import { z } from 'zod';
import { assertRefused } from '#test/builders/assert-refused.js';
import { type BuiltMember, buildMember } from '#test/builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { buildProject } from '#test/builders/build-project.js';
import type { BuilderApp } from '#test/builders/builder-app.js';
import { testSystem } from '#test/system.js';
import { TaskView } from './task-view.js';

const Views = z.object({ items: z.array(TaskView) });
const settings = { layout: 'board', filters: { status: ['todo'], label: 'bug' }, grouping: 'priority' };

describe('task views', () => {
  let app: BuilderApp;
  let acme: BuiltOrganization;
  let member: BuiltMember;
  let other: BuiltMember;
  let guest: BuiltMember;
  before(async () => {
    ({ app } = await testSystem());
    acme = await buildOrganization(app);
    member = await buildMember(app, acme, 'member');
    other = await buildMember(app, acme, 'member');
    guest = await buildMember(app, acme, 'guest');
  });

  const make = async (input: object = {}, by = member) =>
    TaskView.parse(await app.perform(by.caller, 'task_views.create', { name: 'Mine', settings, ...input }));
  const ids = async (by: Pick<BuiltMember, 'caller'>) =>
    Views.parse(await app.perform(by.caller, 'task_views.list', { limit: 200 })).items.map(({ id }) => id);

  it('keep how tasks are shown', async () => {
    const view = await make({ name: 'Bugs' });
    assert.deepEqual([view.name, view.isShared, view.ownerId], ['Bugs', false, member.userId]);
    assert.deepEqual(view.settings, settings);
  });

  it('are seen by their owner only, until they are shared', async () => {
    const { id } = await make();
    assert.ok((await ids(member)).includes(id));
    for (const person of [other, acme]) {
      assert.ok(!(await ids(person)).includes(id));
      await assertRefused(app.perform(person.caller, 'task_views.get', { id }), 'not_found');
      await assertRefused(app.perform(person.caller, 'task_views.delete', { id }), 'not_found');
    }
    await app.perform(member.caller, 'task_views.update', { id, isShared: true });
    assert.ok((await ids(other)).includes(id));
  });

  it('are changed by their owner, and shared ones by who manages projects', async () => {
    const { id } = await make({ isShared: true });
    for (const [action, input] of [
      ['update', { id, name: 'Taken' }],
      ['delete', { id }],
    ] as const)
      await assertRefused(app.perform(other.caller, `task_views.${action}`, input), 'forbidden');
    await app.perform(acme.caller, 'task_views.update', { id, name: 'Renamed' });
    await app.perform(acme.caller, 'task_views.delete', { id });
    await assertRefused(app.perform(other.caller, 'task_views.restore', { id }), 'forbidden');
    await app.perform(member.caller, 'task_views.restore', { id });
    assert.ok((await ids(other)).includes(id));
  });

  it('of a private project are for its people, though they are shared', async () => {
    const project = await buildProject(app, acme.caller, { visibility: 'private' });
    const { id } = TaskView.parse(
      await app.perform(acme.caller, 'task_views.create', {
        name: 'Secret',
        projectId: project.id,
        isShared: true,
        settings: {},
      }),
    );
    assert.ok(!(await ids(other)).includes(id));
    const input = { name: 'Mine', projectId: project.id, settings: {} };
    await assertRefused(app.perform(other.caller, 'task_views.create', input), 'validation', 'projectId');
    await app.perform(acme.caller, 'projects.add_member', { id: project.id, userId: other.userId });
    assert.ok((await ids(other)).includes(id));
  });

  it('are read by guests, who make none', async () => {
    const { id } = await make({ isShared: true });
    assert.ok((await ids(guest)).includes(id));
    const refused = app.perform(guest.caller, 'task_views.create', { name: 'Mine', settings: {} });
    await assertRefused(refused, 'forbidden');
  });

  it('hold nothing but what lists of tasks take', async () => {
    for (const wrong of [
      { layout: 'cloud' },
      { filters: { status: ['finished'] } },
      { colour: 'red' },
      { sort: 'id' },
    ]) {
      await assertRefused(make({ settings: wrong }), 'validation');
    }
  });
});
