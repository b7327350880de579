import assert from 'node:assert/strict';
import { z } from 'zod';
import type { Caller } from '#runtime/caller.js';
import { manual } from '#test/automation/nodes.js';
import { assertRefused } from '#test/builders/assert-refused.js';
import { buildAutomation, listRunIds } from '#test/builders/build-automation.js';
import { type BuiltMember, buildMember } from '#test/builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { buildProject } from '#test/builders/build-project.js';
import { buildMemberWith } from '#test/builders/build-role.js';
import { buildTask } from '#test/builders/build-task.js';
import { startedRuns } from '#test/builders/watch-runs.js';
import { eventually } from '#test/eventually.js';
import { type TestSystem, workingSystem } from '#test/system.js';

const Items = z.object({ items: z.array(z.looseObject({ id: z.string() })) });
const Events = z.object({
  items: z.array(z.looseObject({ type: z.string(), payload: z.looseObject({ id: z.string() }) })),
  hasPending: z.boolean(),
});

describe('a private project', () => {
  let system: TestSystem;
  let acme: BuiltOrganization;
  let insider: BuiltMember;
  let outsider: BuiltMember;
  let projectId: string;
  let taskId: string;
  before(async () => {
    system = await workingSystem();
    acme = await buildOrganization(system.app);
    insider = await buildMemberWith(system.app, acme, ['projects:read', 'tasks:*', 'events:read']);
    outsider = await buildMemberWith(system.app, acme, [
      'projects:read',
      'projects:create',
      'projects:update',
      'projects:delete',
      'tasks:*',
      'events:read',
      'automations:*',
      'runs:read',
    ]);
  });
  beforeEach(async () => {
    ({ id: projectId } = await buildProject(system.app, acme.caller, {
      visibility: 'private',
      name: 'Secret',
    }));
    ({ id: taskId } = await buildTask(system.app, acme.caller, { projectId, title: 'Secret' }));
    await perform(acme.caller, 'projects.add_member', { id: projectId, userId: insider.userId });
  });

  const perform = (caller: Caller, action: string, input: object) =>
    system.app.perform(caller, action, input);
  const ids = async (caller: Caller, action: string, input: object = {}) =>
    Items.parse(await perform(caller, action, { limit: 200, ...input })).items.map(({ id }) => id);

  it('is seen by its people and by who manages projects', async () => {
    const manager = await buildMember(system.app, acme, 'manager');
    for (const { caller } of [insider, manager, acme]) {
      await perform(caller, 'projects.get', { id: projectId });
      assert.ok((await ids(caller, 'projects.list', { q: 'Secret' })).includes(projectId));
      assert.ok((await ids(caller, 'tasks.list', { projectId })).includes(taskId));
    }
  });

  it('is not there for anybody else, by no action', async () => {
    const { caller } = outsider;
    assert.deepEqual(await ids(caller, 'projects.list', { q: 'Secret' }), []);
    assert.deepEqual(await ids(caller, 'tasks.list', { q: 'Secret' }), []);
    assert.deepEqual(await ids(caller, 'tasks.list', { projectId }), []);
    const refused: [string, object][] = [
      ['projects.get', { id: projectId }],
      ['projects.update', { id: projectId, name: 'Mine' }],
      ['projects.delete', { id: projectId }],
      ['projects.restore', { id: projectId }],
      ['projects.list_members', { id: projectId }],
      ['tasks.get', { id: taskId }],
      ['tasks.update', { id: taskId, title: 'Mine' }],
      ['tasks.move', { id: taskId, status: 'done' }],
      ['tasks.delete', { id: taskId }],
      ['tasks.restore', { id: taskId }],
    ];
    for (const [action, input] of refused) await assertRefused(perform(caller, action, input), 'not_found');
    const smuggled = { projectId, title: 'Smuggled' };
    await assertRefused(perform(caller, 'tasks.create', smuggled), 'validation', 'projectId');
  });

  it('is not there for others when it, or a task of it, is deleted', async () => {
    await perform(acme.caller, 'tasks.delete', { id: taskId });
    assert.deepEqual(await ids(outsider.caller, 'tasks.list', { deleted: true }), []);
    await assertRefused(perform(outsider.caller, 'tasks.restore', { id: taskId }), 'not_found');
    await perform(acme.caller, 'projects.delete', { id: projectId });
    assert.deepEqual(await ids(outsider.caller, 'projects.list', { deleted: true }), []);
    await assertRefused(perform(outsider.caller, 'projects.restore', { id: projectId }), 'not_found');
  });

  it('is told of in events to those who see it only', async () => {
    const open = await buildTask(system.app, acme.caller, { title: 'Open' });
    const told = (caller: Caller) =>
      eventually('all events can be listed', async () => {
        const { items, hasPending } = Events.parse(
          await perform(caller, 'events.list', { order: 'newest', limit: 200 }),
        );
        return hasPending ? undefined : items.map(({ payload }) => payload.id);
      });
    const [inside, outside] = [await told(insider.caller), await told(outsider.caller)];
    assert.ok(inside.includes(taskId) && inside.includes(projectId) && inside.includes(open.id));
    assert.ok(!outside.includes(taskId) && !outside.includes(projectId) && outside.includes(open.id));
  });

  it('starts the automations of those who see it only', async () => {
    const listening = { ...manual([]), trigger: { type: 'event', input: { event: 'task.created' } } };
    const nodes = [{ id: 'note', type: 'set', input: { values: {} } }];
    const definition = {
      ...listening,
      nodes,
      edges: [{ source: 'trigger', target: 'note' }],
    };
    const blind = await buildAutomation(system.app, outsider.caller, definition);
    const seeing = await buildAutomation(system.app, acme.caller, definition);
    await buildTask(system.app, acme.caller, { projectId });
    const [, last] = [
      await startedRuns(system.app, acme.caller, seeing.id, 1),
      await buildTask(system.app, acme.caller),
    ];
    assert.ok(last);
    await startedRuns(system.app, acme.caller, seeing.id, 2);
    await startedRuns(system.app, outsider.caller, blind.id, 1);
    assert.equal((await listRunIds(system.app, outsider.caller, blind.id)).length, 1);
  });

  it('can be made by whoever makes projects, who belongs to it then', async () => {
    const { caller } = outsider;
    const { id } = await buildProject(system.app, caller, { visibility: 'private' });
    await perform(caller, 'projects.get', { id });
    await assertRefused(perform(insider.caller, 'projects.get', { id }), 'not_found');
    const shared = await buildProject(system.app, acme.caller);
    await assertRefused(
      perform(caller, 'projects.update', { id: shared.id, visibility: 'private' }),
      'validation',
      'visibility',
    );
  });

  it('is gone for who is taken out of it', async () => {
    await perform(acme.caller, 'projects.remove_member', { id: projectId, userId: insider.userId });
    await assertRefused(perform(insider.caller, 'projects.get', { id: projectId }), 'not_found');
  });
});

describe('guests', () => {
  it('see the projects to which they were added, and no others', async () => {
    const { app } = await workingSystem();
    const acme = await buildOrganization(app);
    const { caller, userId } = await buildMember(app, acme, 'guest');
    const task = await buildTask(app, acme.caller);
    await assertRefused(app.perform(caller, 'tasks.get', { id: task.id }), 'not_found');
    assert.deepEqual(Items.parse(await app.perform(caller, 'projects.list', {})).items, []);
    await app.perform(acme.caller, 'projects.add_member', { id: task.projectId, userId });
    await app.perform(caller, 'tasks.get', { id: task.id });
  });
});
