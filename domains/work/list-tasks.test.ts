import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { pageOutput } from '#runtime/resource/page.js';
import { assertRefused } from '#test/builders/assert-refused.js';
import { buildMember } from '#test/builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { buildProject } from '#test/builders/build-project.js';
import { buildTask } from '#test/builders/build-task.js';
import type { BuilderApp } from '#test/builders/builder-app.js';
import { testSystem } from '#test/system.js';
import { priorities, Task } from './task.js';

const Listed = pageOutput(Task);

describe('tasks.list', () => {
  let app: BuilderApp;
  let acme: BuiltOrganization;
  before(async () => {
    ({ app } = await testSystem());
    acme = await buildOrganization(app);
  });

  const list = async (input: object) => Listed.parse(await app.perform(acme.caller, 'tasks.list', input));
  const titles = async (input: object) => (await list(input)).items.map(({ title }) => title);

  /** Every item, read page by page. */
  async function walk(input: { limit: number; sort?: string; projectId: string }) {
    const pages = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof list>> = await list(
        cursor === null ? input : { ...input, cursor },
      );
      assert.ok(page.items.length <= input.limit);
      pages.push(page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return pages.flat();
  }

  describe('pages', () => {
    let projectId: string;
    before(async () => {
      projectId = (await buildProject(app, acme.caller)).id;
      const dueDates = [null, '2026-01-01', '2026-03-01', null, '2026-01-01', '2026-02-01', null];
      for (const [index, dueDate] of dueDates.entries()) {
        const priority = priorities[index % priorities.length];
        await buildTask(app, acme.caller, {
          projectId,
          dueDate,
          title: 'The same',
          ...(priority && { priority }),
        });
      }
    });

    for (const sort of ['createdAt', 'updatedAt', 'dueDate', 'priority', 'title', 'rank']) {
      for (const order of [sort, `-${sort}`]) {
        it(`show every task once in the order ${order}, also among equals`, async () => {
          const whole = (await list({ projectId, sort: order })).items;
          assert.equal(whole.length, 7);
          for (const limit of [1, 2, 3, 7]) {
            const walked = await walk({ projectId, sort: order, limit });
            assert.deepEqual(walked, whole, `by ${limit}`);
          }
        });
      }
    }

    it('put tasks without a due date last in both directions', async () => {
      const dates = async (sort: string) =>
        (await list({ projectId, sort })).items.map((task) => task.dueDate);
      const dated = ['2026-01-01', '2026-01-01', '2026-02-01', '2026-03-01'];
      assert.deepEqual(await dates('dueDate'), [...dated, null, null, null]);
      assert.deepEqual(await dates('-dueDate'), [...dated.reverse(), null, null, null]);
    });

    it('sort priorities by urgency, not by alphabet', async () => {
      const found = (await list({ projectId, sort: '-priority' })).items.map(({ priority }) => priority);
      assert.deepEqual(found, ['urgent', 'high', 'medium', 'low', 'low', 'none', 'none']);
    });

    it('sort by the newest first unless asked otherwise, and end with a null cursor', async () => {
      const { items, nextCursor } = await list({ projectId });
      const times = items.map(({ createdAt }) => createdAt);
      assert.deepEqual(times, [...times].sort().reverse());
      assert.equal(nextCursor, null);
    });

    it('go on where they stopped though rows came and went', async () => {
      const { id } = await buildProject(app, acme.caller);
      const made = [];
      for (const title of ['a', 'b', 'c', 'd'])
        made.push(await buildTask(app, acme.caller, { projectId: id, title }));
      const first = await list({ projectId: id, sort: 'title', limit: 2 });
      await app.perform(acme.caller, 'tasks.delete', { id: made[1]?.id });
      await buildTask(app, acme.caller, { projectId: id, title: 'aa' });
      const cursor = first.nextCursor;
      assert.deepEqual(await titles({ projectId: id, sort: 'title', limit: 2, cursor }), ['c', 'd']);
    });

    it('refuse a cursor of another order, or one that is garbage', async () => {
      const { nextCursor } = await list({ projectId, sort: 'title', limit: 1 });
      const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const misused = [
        { sort: '-title', cursor: nextCursor },
        { sort: 'dueDate', cursor: nextCursor },
        { sort: 'title', cursor: 'garbage' },
        { sort: 'title', cursor: '' },
        { sort: 'title', cursor: encode(['title']) },
        { sort: 'title', cursor: encode(['title', 'x', 'not an id']) },
        { sort: 'title', cursor: encode(['title', null, randomUUID()]) },
        { sort: 'title', cursor: encode(['title', 'a\0', randomUUID()]) },
        { sort: 'dueDate', cursor: encode(['dueDate', '2026-99-99', randomUUID()]) },
        { sort: 'createdAt', cursor: encode(['createdAt', 'yesterday', randomUUID()]) },
        { sort: 'priority', cursor: encode(['priority', '1; DROP TABLE tasks', randomUUID()]) },
      ];
      for (const input of misused) await assertRefused(list({ projectId, ...input }), 'validation', 'cursor');
    });

    it('have at least 1 and at most 200 items', async () => {
      for (const limit of [0, 201, 1.5, 'many', -1])
        await assertRefused(list({ limit }), 'validation', 'limit');
      assert.equal((await list({ projectId, limit: '3' })).items.length, 3);
    });

    it('refuse an order or a filter that there is not', async () => {
      await assertRefused(list({ sort: 'description' }), 'validation', 'sort');
      const error = await assertRefused(list({ colour: 'red' }), 'validation');
      assert.match(JSON.stringify(error.issues), /colour/);
    });
  });

  describe('filters', () => {
    let projectId: string;
    let assigneeId: string;
    before(async () => {
      projectId = (await buildProject(app, acme.caller)).id;
      assigneeId = (await buildMember(app, acme, 'member')).userId;
      const make = (fields: Parameters<typeof buildTask>[2]) =>
        buildTask(app, acme.caller, { projectId, ...fields });
      await make({ title: 'one', status: 'todo', priority: 'high', dueDate: '2026-01-01', labels: ['bug'] });
      await make({ title: 'two', status: 'done', priority: 'low', dueDate: '2026-01-02', assigneeId });
      await make({ title: 'three', status: 'in_review', priority: 'high', labels: ['bug', 'a,b'] });
      await buildTask(app, acme.caller, { title: 'elsewhere', labels: ['bug'] });
    });

    const cases: [string, () => object, string[]][] = [
      ['the project', () => ({}), ['one', 'three', 'two']],
      ['one status', () => ({ status: ['todo'] }), ['one']],
      ['one of two statuses', () => ({ status: ['todo', 'done'] }), ['one', 'two']],
      ['one of two statuses in a query string', () => ({ status: 'todo,done' }), ['one', 'two']],
      ['a priority', () => ({ priority: 'high' }), ['one', 'three']],
      ['the assignee', () => ({ assigneeId }), ['two']],
      ['a label', () => ({ label: 'bug' }), ['one', 'three']],
      ['a label with a comma', () => ({ label: 'a,b' }), ['three']],
      ['due before a day', () => ({ dueBefore: '2026-01-02' }), ['one']],
      ['due after a day', () => ({ dueAfter: '2026-01-01' }), ['two']],
      ['several at once', () => ({ label: 'bug', priority: ['high'], status: 'in_review' }), ['three']],
    ];
    for (const [what, input, expected] of cases) {
      it(`find by ${what}`, async () => {
        assert.deepEqual(await titles({ projectId, sort: 'title', ...input() }), expected);
      });
    }

    it('refuse wrong values, naming the filter', async () => {
      await assertRefused(list({ projectId: 'x' }), 'validation', 'projectId');
      await assertRefused(list({ status: 'todo,finished' }), 'validation', 'status.1');
      await assertRefused(list({ status: [] }), 'validation', 'status');
      await assertRefused(list({ dueBefore: 'soon' }), 'validation', 'dueBefore');
      await assertRefused(list({ label: 'a\0' }), 'validation', 'label');
      await assertRefused(list({ deleted: 'maybe' }), 'validation', 'deleted');
    });
  });

  describe('search', () => {
    let projectId: string;
    before(async () => {
      projectId = (await buildProject(app, acme.caller)).id;
      await buildTask(app, acme.caller, { projectId, title: 'Fix the login page' });
      await buildTask(app, acme.caller, {
        projectId,
        title: 'Invoice',
        description: 'The login of the customer',
      });
      await buildTask(app, acme.caller, { projectId, title: 'Unrelated' });
    });
    const search = (q: string) => titles({ projectId, q, sort: 'title' });

    it('finds words in title and description', async () => {
      assert.deepEqual(await search('LOGIN'), ['Fix the login page', 'Invoice']);
    });
    it('takes several words, phrases and exclusions', async () => {
      assert.deepEqual(await search('login customer'), ['Invoice']);
      assert.deepEqual(await search('"login page"'), ['Fix the login page']);
      assert.deepEqual(await search('login -customer'), ['Fix the login page']);
      assert.deepEqual(await search('invoice or unrelated'), ['Invoice', 'Unrelated']);
    });
    it('takes any text without an error', async () => {
      for (const q of ["'; DROP TABLE tasks; --", '!!! & | ( :*', '"unclosed', '\\', '%_']) {
        assert.deepEqual(await search(q), [], q);
      }
    });
    it('refuses empty text and the NUL character', async () => {
      await assertRefused(list({ q: '' }), 'validation', 'q');
      await assertRefused(list({ q: 'a\0' }), 'validation', 'q');
    });
  });
});
