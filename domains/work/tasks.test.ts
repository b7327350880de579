import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { auditLog, members } from '#db/schema/index.js';
import { pageOutput } from '#runtime/resource/page.js';
import { assertRefused } from '#test/builders/assert-refused.js';
import { buildMember } from '#test/builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { buildProject } from '#test/builders/build-project.js';
import { buildTask } from '#test/builders/build-task.js';
import type { BuilderApp } from '#test/builders/builder-app.js';
import { listEvents } from '#test/builders/list-events.js';
import { testSystem } from '#test/system.js';
import { Task } from './task.js';

const Listed = pageOutput(Task);

describe('tasks', () => {
  let app: BuilderApp;
  let acme: BuiltOrganization;
  let other: BuiltOrganization;
  before(async () => {
    ({ app } = await testSystem());
    acme = await buildOrganization(app);
    other = await buildOrganization(app, { name: 'Other' });
  });
  const perform = (action: string, input: unknown) => app.perform(acme.caller, action, input);

  describe('creating', () => {
    it('fills in what was not given', async () => {
      const project = await buildProject(app, acme.caller);
      const task = await buildTask(app, acme.caller, { projectId: project.id, title: '  Paint the door ' });
      assert.equal(task.title, 'Paint the door');
      assert.equal(task.projectId, project.id);
      const { version, status, priority, assigneeId, dueDate, labels, deletedAt } = task;
      assert.deepEqual(
        { version, status, priority, assigneeId, dueDate, labels, deletedAt },
        {
          version: 1,
          status: 'todo',
          priority: 'none',
          assigneeId: null,
          dueDate: null,
          labels: [],
          deletedAt: null,
        },
      );
      assert.equal(new Date(task.createdAt).toISOString(), task.createdAt);
    });

    it('keeps every field that was given', async () => {
      const fields = {
        description: 'Blue, "quoted", {braced}, back\\slashed',
        status: 'in_review',
        priority: 'urgent',
        assigneeId: acme.userId,
        dueDate: '2026-02-28',
        labels: ['a,b', 'c "d"', 'ü'],
      } as const;
      const task = await buildTask(app, acme.caller, { ...fields, labels: [...fields.labels] });
      assert.deepEqual(task, { ...task, ...fields });
    });

    it('writes an event and an audit row', async () => {
      const task = await buildTask(app, acme.caller);
      const events = await listEvents(app, acme.orgId, task.id);
      assert.deepEqual(events, [{ type: 'task.created', payload: task }]);
      const audited = await app.services.database.withOrg(acme.orgId, (transaction) =>
        transaction.select().from(auditLog).where(eq(auditLog.targetId, task.id)),
      );
      assert.deepEqual(
        audited.map(({ action, principalId }) => [action, principalId]),
        [['tasks.create', acme.userId]],
      );
    });

    const wrong: [string, object, string][] = [
      ['an empty title', { title: '   ' }, 'title'],
      ['a title of 501 characters', { title: 'x'.repeat(501) }, 'title'],
      ['a title with a NUL character', { title: 'a\0b' }, 'title'],
      ['a title that is not text', { title: 7 }, 'title'],
      ['a description of 50,001 characters', { description: 'x'.repeat(50_001) }, 'description'],
      ['an unknown status', { status: 'finished' }, 'status'],
      ['an unknown priority', { priority: 1 }, 'priority'],
      ['a date that does not exist', { dueDate: '2026-02-30' }, 'dueDate'],
      ['a date in the year 0', { dueDate: '0000-01-01' }, 'dueDate'],
      ['a label twice', { labels: ['a', 'a'] }, 'labels'],
      ['51 labels', { labels: Array.from({ length: 51 }, (_, index) => `l${index}`) }, 'labels'],
      ['a label of 101 characters', { labels: ['x'.repeat(101)] }, 'labels.0'],
      ['an id that is no UUID', { id: 'one' }, 'id'],
      ['a project that does not exist', { projectId: randomUUID() }, 'projectId'],
      ['an assignee who does not exist', { assigneeId: randomUUID() }, 'assigneeId'],
    ];
    for (const [what, fields, path] of wrong) {
      it(`refuses ${what}, naming ${path}`, async () => {
        const project = await buildProject(app, acme.caller);
        const input = { projectId: project.id, title: 'Fine', ...fields };
        await assertRefused(perform('tasks.create', input), 'validation', path);
      });
    }

    it('refuses a field that it does not know', async () => {
      const project = await buildProject(app, acme.caller);
      const input = { projectId: project.id, title: 'Fine', titel: 'Fine' };
      const error = await assertRefused(perform('tasks.create', input), 'validation');
      assert.match(JSON.stringify(error.issues), /titel/);
    });

    it('refuses a deleted project, and a member of another organization as assignee', async () => {
      const project = await buildProject(app, acme.caller);
      await perform('projects.delete', { id: project.id });
      const input = { projectId: project.id, title: 'Too late' };
      await assertRefused(perform('tasks.create', input), 'validation', 'projectId');
      await assertRefused(
        buildTask(app, acme.caller, { assigneeId: other.userId }),
        'validation',
        'assigneeId',
      );
    });

    it('refuses an assignee who is no longer active', async () => {
      const { userId } = await buildMember(app, acme, 'member');
      await app.services.database.withOrg(acme.orgId, (transaction) =>
        transaction.update(members).set({ status: 'deactivated' }).where(eq(members.userId, userId)),
      );
      await assertRefused(buildTask(app, acme.caller, { assigneeId: userId }), 'validation', 'assigneeId');
    });
  });

  describe('two organizations with the same ids', () => {
    it('keep their rows apart in every action', async () => {
      const [projectId, id] = [randomUUID(), randomUUID()];
      for (const { caller } of [acme, other]) await buildProject(app, caller, { id: projectId });
      await buildTask(app, acme.caller, { id, projectId, title: 'Ours' });
      await assertRefused(app.perform(other.caller, 'tasks.get', { id }), 'not_found');
      await buildTask(app, other.caller, { id, projectId, title: 'Theirs' });

      await perform('tasks.update', { id, title: 'Ours, changed' });
      await perform('tasks.move', { id, status: 'done' });
      await perform('tasks.delete', { id });
      const theirs = Task.parse(await app.perform(other.caller, 'tasks.get', { id }));
      assert.deepEqual([theirs.title, theirs.status, theirs.version], ['Theirs', 'todo', 1]);
      await assertRefused(perform('tasks.get', { id }), 'not_found');
    });

    it('one organization can not use an id twice, not even of a deleted row', async () => {
      const task = await buildTask(app, acme.caller);
      await assertRefused(buildTask(app, acme.caller, { id: task.id }), 'conflict', 'id');
      await perform('tasks.delete', { id: task.id });
      await assertRefused(buildTask(app, acme.caller, { id: task.id }), 'conflict', 'id');
    });

    it('a row of another organization is not found by any action', async () => {
      const { id } = await buildTask(app, other.caller);
      await assertRefused(perform('tasks.get', { id }), 'not_found');
      await assertRefused(perform('tasks.update', { id, title: 'Mine' }), 'not_found');
      await assertRefused(perform('tasks.move', { id, status: 'done' }), 'not_found');
      await assertRefused(perform('tasks.delete', { id }), 'not_found');
      await assertRefused(perform('tasks.restore', { id }), 'not_found');
    });
  });

  describe('updating', () => {
    it('changes only the given fields, and tells which', async () => {
      const task = await buildTask(app, acme.caller, {
        priority: 'low',
        dueDate: '2026-05-01',
        labels: ['x'],
      });
      const input = { id: task.id, version: 1, dueDate: null, labels: ['x'], title: 'New' };
      const changed = Task.parse(await perform('tasks.update', input));
      const { updatedAt } = changed;
      assert.deepEqual(changed, { ...task, version: 2, dueDate: null, title: 'New', updatedAt });
      assert.deepEqual(Task.parse(await perform('tasks.get', { id: task.id })), changed);
      const [, event] = await listEvents(app, acme.orgId, task.id);
      assert.equal(event?.type, 'task.updated');
      assert.deepEqual(event?.payload.changedFields, ['title', 'dueDate']);
    });

    it('with a version that is no longer the present one is a conflict that tells the present one', async () => {
      const { id } = await buildTask(app, acme.caller);
      await perform('tasks.update', { id, version: 1, title: 'First' });
      const late = perform('tasks.update', { id, version: 1, title: 'Second' });
      const error = await assertRefused(late, 'conflict', 'version');
      assert.match(error.message, /version 2, not 1/);
      assert.equal(Task.parse(await perform('tasks.get', { id })).title, 'First');
    });

    it('lets one of two win who change the same version at once', async () => {
      const { id } = await buildTask(app, acme.caller);
      const attempts = ['a', 'b'].map((title) => perform('tasks.update', { id, version: 1, title }));
      const results = await Promise.allSettled(attempts);
      assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    });

    it('with what is there already changes nothing and tells nobody', async () => {
      const task = await buildTask(app, acme.caller, { labels: ['a', 'b'] });
      const same = await perform('tasks.update', { id: task.id, title: task.title, labels: ['a', 'b'] });
      assert.deepEqual(same, task);
      assert.equal((await listEvents(app, acme.orgId, task.id)).length, 1);
    });

    it('refuses wrong values, naming the field', async () => {
      const { id } = await buildTask(app, acme.caller);
      await assertRefused(perform('tasks.update', { id, title: '' }), 'validation', 'title');
      await assertRefused(perform('tasks.update', { id, title: null }), 'validation', 'title');
      const stranger = perform('tasks.update', { id, assigneeId: other.userId });
      await assertRefused(stranger, 'validation', 'assigneeId');
    });
  });

  describe('deleting and restoring', () => {
    it('hides a task until it is restored', async () => {
      const task = await buildTask(app, acme.caller);
      const { id, projectId } = task;
      const deleted = Task.parse(await perform('tasks.delete', { id }));
      assert.notEqual(deleted.deletedAt, null);
      for (const action of ['tasks.get', 'tasks.delete', 'tasks.update'])
        await assertRefused(perform(action, { id }), 'not_found');
      await assertRefused(perform('tasks.move', { id, status: 'done' }), 'not_found');
      assert.deepEqual(await idsOf(perform('tasks.list', { projectId })), []);
      assert.deepEqual(await idsOf(perform('tasks.list', { projectId, deleted: true })), [id]);

      const restored = Task.parse(await perform('tasks.restore', { id }));
      assert.deepEqual(restored, { ...task, version: 3, updatedAt: restored.updatedAt });
      assert.deepEqual(await idsOf(perform('tasks.list', { projectId })), [id]);
      await assertRefused(perform('tasks.restore', { id }), 'conflict');
      const types = (await listEvents(app, acme.orgId, id)).map(({ type }) => type);
      assert.deepEqual(types, ['task.created', 'task.deleted', 'task.restored']);
    });

    it('hides the tasks of a deleted project, and brings them back with it', async () => {
      const { id, projectId } = await buildTask(app, acme.caller);
      await perform('projects.delete', { id: projectId });
      await assertRefused(perform('tasks.get', { id }), 'not_found');
      await assertRefused(perform('tasks.move', { id, status: 'done' }), 'not_found');
      assert.deepEqual(await idsOf(perform('tasks.list', { projectId })), []);
      await perform('projects.restore', { id: projectId });
      assert.equal(Task.parse(await perform('tasks.get', { id })).id, id);
    });

    it('does not restore a task into a deleted project', async () => {
      const { id, projectId } = await buildTask(app, acme.caller);
      await perform('tasks.delete', { id });
      await perform('projects.delete', { id: projectId });
      await assertRefused(perform('tasks.restore', { id }), 'conflict');
    });
  });

  describe('permissions', () => {
    it('let a guest read and nothing else', async () => {
      const { id, projectId } = await buildTask(app, acme.caller);
      const { caller, userId } = await buildMember(app, acme, 'guest');
      await app.perform(acme.caller, 'projects.add_member', { id: projectId, userId });
      assert.equal(Task.parse(await app.perform(caller, 'tasks.get', { id })).id, id);
      await assertRefused(buildTask(app, caller, { projectId }), 'forbidden');
      await assertRefused(app.perform(caller, 'tasks.update', { id, title: 'x' }), 'forbidden');
      await assertRefused(app.perform(caller, 'tasks.move', { id, status: 'done' }), 'forbidden');
      await assertRefused(app.perform(caller, 'tasks.delete', { id }), 'forbidden');
    });
  });
});

async function idsOf(listed: Promise<unknown>): Promise<string[]> {
  const { items } = Listed.parse(await listed);
  return items.map(({ id }) => id);
}
