import assert from 'node:assert/strict';
import { z } from 'zod';
import { type BuiltMember, buildMember } from '#test/builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { buildProject } from '#test/builders/build-project.js';
import { buildTask } from '#test/builders/build-task.js';
import type { BuilderApp } from '#test/builders/builder-app.js';
import { eventually } from '#test/eventually.js';
import { testSystem } from '#test/system.js';

const Events = z.object({ items: z.array(z.object({ type: z.string(), payload: z.looseObject({}) })) });

describe('the events that a guest may follow', () => {
  let app: BuilderApp;
  let acme: BuiltOrganization;
  let guest: BuiltMember;
  let projectId: string;
  before(async () => {
    ({ app } = await testSystem());
    acme = await buildOrganization(app);
    guest = await buildMember(app, acme, 'guest');
    projectId = (await buildProject(app, acme.caller)).id;
    await app.perform(acme.caller, 'projects.add_member', { id: projectId, userId: guest.userId });
  });

  const typesOf = async () => {
    const { items } = Events.parse(await app.perform(guest.caller, 'events.list', { limit: 200 }));
    return items;
  };

  it('tell of their projects and the tasks of these, and of nothing else', async () => {
    const elsewhere = await buildTask(app, acme.caller, { title: 'Not theirs' });
    await app.perform(acme.caller, 'departments.create', { name: 'Sales' });
    const own = await buildTask(app, acme.caller, { projectId, title: 'Theirs' });
    const items = await eventually('the task is told of', async () => {
      const found = await typesOf();
      return found.some(({ payload }) => payload.id === own.id) ? found : undefined;
    });
    assert.deepEqual([...new Set(items.map(({ type }) => type.split('.')[0]))].sort(), ['project', 'task']);
    assert.ok(!JSON.stringify(items).includes(elsewhere.id));
    assert.ok(!JSON.stringify(items).includes(elsewhere.projectId));
  });

  it('tell that they were added to a project', async () => {
    const { id } = await buildProject(app, acme.caller, { visibility: 'private' });
    await app.perform(acme.caller, 'projects.add_member', { id, userId: guest.userId });
    await eventually('the project is told of', async () => {
      const found = await typesOf();
      return found.some(({ type, payload }) => type === 'project.updated' && payload.id === id) || undefined;
    });
  });
});
