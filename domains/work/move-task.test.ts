import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { pageOutput } from '#runtime/resource/page.js';
import { assertRefused } from '#test/builders/assert-refused.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { buildProject } from '#test/builders/build-project.js';
import { buildTask } from '#test/builders/build-task.js';
import type { BuilderApp } from '#test/builders/builder-app.js';
import { listEvents } from '#test/builders/list-events.js';
import { testSystem } from '#test/system.js';
import { Task } from './task.js';

const Listed = pageOutput(Task);

describe('tasks.move', () => {
  let app: BuilderApp;
  let acme: BuiltOrganization;
  before(async () => {
    ({ app } = await testSystem());
    acme = await buildOrganization(app);
  });

  const move = (input: object) => app.perform(acme.caller, 'tasks.move', input);

  async function buildBoard(titles: string) {
    const { id: projectId } = await buildProject(app, acme.caller);
    const ids: Record<string, string> = {};
    for (const title of titles) {
      const { id } = await buildTask(app, acme.caller, { projectId, title });
      ids[title] = id;
      await move({ id, status: 'todo' });
    }
    const column = async (status: string) => {
      const input = { projectId, status, sort: 'rank', limit: 200 };
      const { items } = Listed.parse(await app.perform(acme.caller, 'tasks.list', input));
      return items.map(({ title }) => title).join('');
    };
    return { projectId, ids, column };
  }

  it('puts a task at the end of a column unless told where', async () => {
    const { ids, column } = await buildBoard('abc');
    await move({ id: ids.a, status: 'todo' });
    assert.equal(await column('todo'), 'bca');
    await move({ id: ids.c, status: 'done' });
    assert.equal(await column('todo'), 'ba');
    assert.equal(await column('done'), 'c');
  });

  it('puts a task after or before another, at either end and in the middle', async () => {
    const { ids, column } = await buildBoard('abcd');
    await move({ id: ids.d, status: 'todo', after: ids.a });
    assert.equal(await column('todo'), 'adbc');
    await move({ id: ids.c, status: 'todo', before: ids.a });
    assert.equal(await column('todo'), 'cadb');
    await move({ id: ids.c, status: 'todo', after: ids.b });
    assert.equal(await column('todo'), 'adbc');
    await move({ id: ids.b, status: 'todo', before: ids.d });
    assert.equal(await column('todo'), 'abdc');
  });

  it('leaves a task where it is when it is put after the one before it', async () => {
    const { ids, column } = await buildBoard('abc');
    await move({ id: ids.b, status: 'todo', after: ids.a });
    assert.equal(await column('todo'), 'abc');
  });

  it('tells of the move, with the status before', async () => {
    const { id } = await buildTask(app, acme.caller);
    const moved = Task.parse(await move({ id, status: 'in_progress' }));
    assert.equal(moved.version, 2);
    const [, event] = await listEvents(app, acme.orgId, id);
    assert.deepEqual(event, { type: 'task.moved', payload: { ...moved, previousStatus: 'todo' } });
  });

  it('loses no task when many people move at once to the same place', async () => {
    const { ids, column } = await buildBoard('abcdefgh');
    const others = [...'bcdefgh'];
    await Promise.all(others.map((title) => move({ id: ids[title], status: 'todo', after: ids.a })));
    const order = await column('todo');
    assert.equal(order[0], 'a');
    assert.equal([...order].sort().join(''), 'abcdefgh');
    const { items } = Listed.parse(
      await app.perform(acme.caller, 'tasks.list', { projectId: await projectOf(ids.a), sort: 'rank' }),
    );
    assert.equal(new Set(items.map(({ rank }) => rank)).size, 8);
  });

  it('swaps two columns at once without a deadlock', async () => {
    const { ids, column } = await buildBoard('abcd');
    for (const title of 'cd') await move({ id: ids[title], status: 'done' });
    await Promise.all(
      [
        move({ id: ids.a, status: 'done', before: ids.c }),
        move({ id: ids.b, status: 'done', after: ids.d }),
        move({ id: ids.c, status: 'todo' }),
        move({ id: ids.d, status: 'todo' }),
      ].map((promise) =>
        promise.catch((error: unknown) => assert.match(String(error), /is not a task of this/)),
      ),
    );
    const all = (await column('todo')) + (await column('done'));
    assert.equal([...all].sort().join(''), 'abcd');
  });

  it('refuses a neighbour that is elsewhere, deleted, unknown or the task itself', async () => {
    const { ids } = await buildBoard('abc');
    const elsewhere = await buildTask(app, acme.caller);
    await app.perform(acme.caller, 'tasks.delete', { id: ids.c });
    for (const after of [elsewhere.id, ids.c, randomUUID(), ids.a]) {
      await assertRefused(move({ id: ids.a, status: 'todo', after }), 'validation', 'after');
    }
    await assertRefused(move({ id: ids.a, status: 'done', before: ids.b }), 'validation', 'before');
  });

  it('refuses after and before together, and an unknown status', async () => {
    const { ids } = await buildBoard('abc');
    const both = { id: ids.a, status: 'todo', after: ids.b, before: ids.c };
    await assertRefused(move(both), 'validation', 'before');
    await assertRefused(move({ id: ids.a, status: 'nowhere' }), 'validation', 'status');
  });

  async function projectOf(id: string | undefined): Promise<string> {
    return Task.parse(await app.perform(acme.caller, 'tasks.get', { id })).projectId;
  }
});
