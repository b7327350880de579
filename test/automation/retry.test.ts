import assert from 'node:assert/strict';
import { z } from 'zod';
import { assertRefused } from '../builders/assert-refused.js';
import { buildAutomation, listRunIds } from '../builders/build-automation.js';
import { buildSlackConnection } from '../builders/build-connection.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { finishedRun, startRun, stepOf, stepStatuses } from '../builders/watch-runs.js';
import { openTestSlack, type TestSlack } from '../slack.js';
import { type TestSystem, workingSystem } from '../system.js';
import { createTask, manual, postMessage, set, type TestNode } from './nodes.js';

const Tasks = z.object({ items: z.array(z.object({ title: z.string() })) });
const Started = z.object({ id: z.uuid(), attempt: z.number(), rerunOf: z.uuid().nullable() });

describe('a run that failed', () => {
  let system: TestSystem;
  let slack: TestSlack;
  let organization: BuiltOrganization;
  let projectId: string;
  let connection: string;
  before(async () => {
    [system, slack] = await Promise.all([workingSystem(), openTestSlack()]);
    organization = await buildOrganization(system.app);
    projectId = (await buildProject(system.app, organization.caller)).id;
    connection = (await buildSlackConnection(system.app, organization.caller, slack.apiUrl)).id;
  });

  const perform = (name: string, input: object) => system.app.perform(organization.caller, name, input);
  const finished = (id: string) => finishedRun(system.app, organization.caller, id);

  async function build(nodes: readonly TestNode[], ...between: readonly string[]): Promise<string> {
    return (await buildAutomation(system.app, organization.caller, manual(nodes, ...between))).id;
  }

  /** Titles of the tasks whose title begins so. */
  async function titles(start: string): Promise<string[]> {
    const page = Tasks.parse(await perform('tasks.list', { projectId, limit: 200 }));
    return page.items
      .map(({ title }) => title)
      .filter((title) => title.startsWith(start))
      .sort();
  }

  /** A step that fails until the project of this id can be found again. */
  async function repairable() {
    const project = await buildProject(system.app, organization.caller);
    await perform('projects.delete', { id: project.id });
    return { id: project.id, repair: () => perform('projects.restore', { id: project.id }) };
  }

  it('goes on from the step that failed, and repeats nothing that was done', async () => {
    const broken = await repairable();
    const id = await build(
      [
        createTask('before', projectId, 'Retry one'),
        { id: 'check', type: 'if', input: { condition: '{{ steps.before.output.title == "Retry one" }}' } },
        set('other', {}),
        createTask('failing', broken.id, 'After {{ steps.before.output.title }}'),
        set('after', { title: '{{ steps.failing.output.title }}' }),
      ],
      'trigger > before',
      'before > check',
      'check.true > failing',
      'check.false > other',
      'failing > after',
    );
    const runId = await startRun(system.app, organization.caller, id);
    const failed = await finished(runId);
    assert.equal(failed.status, 'failed');
    assert.equal(failed.error?.node, 'failing');

    await broken.repair();
    const again = Started.parse(await perform('runs.retry', { id: runId }));
    assert.deepEqual([again.id, again.attempt], [runId, 2]);
    const run = await finished(runId);
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    assert.deepEqual(stepStatuses(run), {
      before: 'succeeded',
      check: 'succeeded',
      other: 'skipped',
      failing: 'succeeded',
      after: 'succeeded',
    });
    assert.equal(stepOf(run, 'failing').error, null);
    assert.equal(stepOf(run, 'before').finishedAt, stepOf(failed, 'before').finishedAt);
    assert.deepEqual(await titles('Retry one'), ['Retry one']);
  });

  it('does not do again what its loop has done, and no call to the outside', async () => {
    const broken = await repairable();
    const items = [projectId, projectId, broken.id, projectId];
    const id = await build(
      [
        { id: 'each', type: 'loop', input: { items: '{{ trigger.items }}' } },
        {
          id: 'task',
          type: 'action',
          action: 'tasks.create',
          input: { projectId: '{{ item }}', title: 'Loop {{ index }}' },
        },
        postMessage('tell', connection, 'Loop {{ steps.task.output.title }}'),
      ],
      'trigger > each',
      'each.body > task',
      'task > tell',
    );
    const runId = await startRun(system.app, organization.caller, id, { items });
    assert.equal((await finished(runId)).status, 'failed');
    assert.equal(slack.server.messages.length, 2);
    await broken.repair();
    await perform('runs.retry', { id: runId });
    const run = await finished(runId);
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    assert.deepEqual(await titles('Loop'), ['Loop 0', 'Loop 1', 'Loop 3']);
    assert.deepEqual(
      slack.server.messages.map(({ text }) => text),
      ['Loop Loop 0', 'Loop Loop 1', 'Loop Loop 2', 'Loop Loop 3'],
    );
  });

  it('keeps a failure from which it had gone on, and a branch that lost', async () => {
    const broken = await repairable();
    const id = await build(
      [
        createTask('handled', broken.id, 'x', { onError: 'branch' }),
        set('instead', { v: 1 }),
        set('fast', {}),
        { id: 'slow', type: 'wait', input: { duration: '1h' } },
        { id: 'first', type: 'join', input: { mode: 'first' } },
        { id: 'all', type: 'join', input: { mode: 'all' } },
        createTask('failing', broken.id, 'y'),
      ],
      'trigger > handled',
      'handled.error > instead',
      'trigger > fast',
      'trigger > slow',
      'fast > first',
      'slow > first',
      'first > all',
      'instead > all',
      'all > failing',
    );
    const runId = await startRun(system.app, organization.caller, id);
    assert.equal((await finished(runId)).error?.node, 'failing');
    await broken.repair();
    await perform('runs.retry', { id: runId });
    const run = await finished(runId);
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    assert.deepEqual(
      ['handled', 'instead', 'slow', 'failing'].map((step) => stepOf(run, step).status),
      ['failed', 'succeeded', 'skipped', 'succeeded'],
    );
  });

  it('is taken up once by two clicks, and only once it has ended', async () => {
    const broken = await repairable();
    const id = await build([createTask('failing', broken.id, 'z')], 'trigger > failing');
    const runId = await startRun(system.app, organization.caller, id);
    await finished(runId);
    const clicks = await Promise.allSettled([1, 2].map(() => perform('runs.retry', { id: runId })));
    assert.deepEqual(clicks.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    await finished(runId);
    await broken.repair();
    await perform('runs.retry', { id: runId });
    assert.equal((await finished(runId)).status, 'succeeded');
    await assertRefused(perform('runs.retry', { id: runId }), 'conflict');
  });

  it('is taken up with the others of its automation, by the kind of error', async () => {
    const broken = await repairable();
    const id = await build([createTask('failing', broken.id, '{{ trigger.title }}')], 'trigger > failing');
    const start = (title: string) => startRun(system.app, organization.caller, id, { title });
    const failed = [await start('Many 1'), await start('Many 2')];
    await Promise.all(failed.map(finished));
    const Answer = z.object({ retried: z.array(z.uuid()), hasMore: z.boolean() });
    const none = Answer.parse(await perform('runs.retry_failed', { automationId: id, code: 'forbidden' }));
    assert.deepEqual(none, { retried: [], hasMore: false });
    await broken.repair();
    const answer = Answer.parse(await perform('runs.retry_failed', { automationId: id }));
    assert.deepEqual(answer.retried.sort(), failed.sort());
    const runs = await Promise.all(failed.map(finished));
    assert.deepEqual(
      runs.map(({ status }) => status),
      ['succeeded', 'succeeded'],
    );
  });

  it('can be run again with other input, on the same version or the newest', async () => {
    const id = await build([set('said', { text: 'One: {{ trigger.name }}' })], 'trigger > said');
    const runId = await startRun(system.app, organization.caller, id, { name: 'Ada' });
    await finished(runId);
    const draft = { ...manual([set('said', { text: 'Two: {{ trigger.name }}' })], 'trigger > said') };
    await perform('automations.update', { id, draft });
    await perform('automations.publish', { id });

    const outputs: unknown[] = [];
    for (const asked of [{}, { version: 'newest' }, { version: 'newest', input: { name: 'Bob' } }]) {
      const started = Started.parse(await perform('runs.rerun', { id: runId, ...asked }));
      assert.equal(started.rerunOf, runId);
      outputs.push(stepOf(await finished(started.id), 'said').output);
    }
    assert.deepEqual(outputs, [
      { inline: { text: 'One: Ada' } },
      { inline: { text: 'Two: Ada' } },
      { inline: { text: 'Two: Bob' } },
    ]);
    assert.equal((await listRunIds(system.app, organization.caller, id)).length, 4);
  });
});
