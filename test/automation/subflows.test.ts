import assert from 'node:assert/strict';
import { z } from 'zod';
import { assertRefused } from '../builders/assert-refused.js';
import { buildAutomation, type ShownRun } from '../builders/build-automation.js';
import { buildSlackConnection } from '../builders/build-connection.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { finishedRun, runThat, startRun, stepOf } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { openTestSlack, type TestSlack } from '../slack.js';
import { type TestSystem, workingSystem } from '../system.js';
import { createTask, manual, postMessage, set, type TestNode } from './nodes.js';

const Child = z.object({
  id: z.uuid(),
  automationId: z.uuid(),
  automationVersion: z.number(),
  status: z.string(),
  attempt: z.number(),
  sourceKind: z.string(),
  parentNodeId: z.string(),
  parentIteration: z.string(),
});
const Children = z.object({ items: z.array(Child) });

describe('a subflow', () => {
  let system: TestSystem;
  let organization: BuiltOrganization;
  let projectId: string;
  let slack: TestSlack;
  before(async () => {
    [system, slack] = await Promise.all([workingSystem(), openTestSlack()]);
    organization = await buildOrganization(system.app);
    projectId = (await buildProject(system.app, organization.caller)).id;
  });

  const perform = (name: string, input: object) => system.app.perform(organization.caller, name, input);
  const finished = (id: string): Promise<ShownRun> => finishedRun(system.app, organization.caller, id);
  const waiting = (id: string) =>
    runThat(system.app, organization.caller, id, 'the run waits', ({ status }) => status === 'waiting');

  async function build(nodes: readonly TestNode[], ...between: readonly string[]): Promise<string> {
    return (await buildAutomation(system.app, organization.caller, manual(nodes, ...between))).id;
  }

  const call = (automation: string, input: object = {}, more: object = {}): TestNode => ({
    id: 'call',
    type: 'subflow',
    automation,
    input,
    ...more,
  });
  const give = (output: unknown): TestNode => ({ id: 'end', type: 'stop', input: { output } });
  const greeter = () => build([give({ text: 'Hi {{ trigger.name }}' })], 'trigger > end');

  async function start(nodes: readonly TestNode[], edges: readonly string[], input: object = {}) {
    return startRun(system.app, organization.caller, await build(nodes, ...edges), input);
  }

  async function children(parentRunId: string, count = 1) {
    return eventually(`there are ${count} runs`, async () => {
      const { items } = Children.parse(await perform('runs.list', { parentRunId }));
      return items.length >= count ? items : undefined;
    });
  }

  /** An automation that fails until the project of this id can be found again. */
  async function repairable(more: readonly TestNode[] = []) {
    const project = await buildProject(system.app, organization.caller);
    await perform('projects.delete', { id: project.id });
    const id = await build(
      [
        createTask('once', projectId, 'Done once'),
        createTask('failing', project.id, 'Fails'),
        give({ title: '{{ steps.failing.output.title }}' }),
        ...more,
      ],
      'trigger > once',
      'once > failing',
      'failing > end',
    );
    return { id, repair: () => perform('projects.restore', { id: project.id }) };
  }

  it('is a run of its own, whose result its parent goes on with', async () => {
    const child = await greeter();
    const runId = await start(
      [call(child, { name: '{{ trigger.name }}' }), set('after', { said: '{{ steps.call.output.text }}' })],
      ['trigger > call', 'call > after'],
      { name: 'Ada' },
    );
    const run = await finished(runId);
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    assert.deepEqual(stepOf(run, 'after').output, { inline: { said: 'Hi Ada' } });
    assert.deepEqual(stepOf(run, 'call').input, { inline: { id: child, input: { name: 'Ada' } } });
    const [one, ...others] = await children(runId);
    assert.ok(one);
    assert.equal(others.length, 0);
    const { automationId, automationVersion, status, sourceKind, parentNodeId, parentIteration } = one;
    assert.deepEqual(
      { automationId, automationVersion, status, sourceKind, parentNodeId, parentIteration },
      {
        automationId: child,
        automationVersion: 1,
        status: 'succeeded',
        sourceKind: 'subflow',
        parentNodeId: 'call',
        parentIteration: '',
      },
    );
    const shown = await finished(one.id);
    assert.deepEqual(shown.trigger, { name: 'Ada' });
  });

  it('gives null when it ends without a stop, also when an action ends it', async () => {
    const child = await build([createTask('task', projectId, 'Last')], 'trigger > task');
    const run = await finished(
      await start(
        [call(child), set('after', { got: '{{ steps.call.output }}' })],
        ['trigger > call', 'call > after'],
      ),
    );
    assert.deepEqual(stepOf(run, 'after').output, { inline: { got: null } });
  });

  it('hands over a large result', async () => {
    const text = 'x'.repeat(40_000);
    const child = await build([give({ text: '{{ trigger.text }}' })], 'trigger > end');
    const run = await finished(
      await start(
        [
          call(child, { text: '{{ trigger.text }}' }),
          set('after', { size: '{{ size(steps.call.output.text) }}' }),
        ],
        ['trigger > call', 'call > after'],
        { text },
      ),
    );
    assert.deepEqual(stepOf(run, 'after').output, { inline: { size: 40_000 } });
  });

  it('is of the version that is published when it starts', async () => {
    const child = await greeter();
    const parent = await build([call(child, { name: 'Bob' })], 'trigger > call');
    const draft = manual([give({ text: 'Bye {{ trigger.name }}' })], 'trigger > end');
    await perform('automations.update', { id: child, draft });
    await perform('automations.publish', { id: child });
    const runId = await startRun(system.app, organization.caller, parent);
    assert.deepEqual(stepOf(await finished(runId), 'call').output, { inline: { text: 'Bye Bob' } });
    const [one] = await children(runId);
    assert.equal(one?.automationVersion, 2);
  });

  it('fails its step with its error, which the parent may handle', async () => {
    const child = await build(
      [{ id: 'end', type: 'stop', input: { status: 'failed', message: 'No {{ trigger.what }} left' } }],
      'trigger > end',
    );
    const run = await finished(await start([call(child, { what: 'milk' })], ['trigger > call']));
    assert.equal(run.status, 'failed');
    assert.deepEqual(run.error, { code: 'conflict', message: 'No milk left', node: 'call' });
    const handled = await finished(
      await start(
        [
          call(child, { what: 'tea' }, { onError: 'branch' }),
          set('instead', { why: '{{ steps.call.error.message }}' }),
        ],
        ['trigger > call', 'call.error > instead'],
      ),
    );
    assert.equal(handled.status, 'succeeded');
    assert.deepEqual(stepOf(handled, 'instead').output, { inline: { why: 'No tea left' } });
  });

  it('is not waited for when it is detached', async () => {
    const child = await build([{ id: 'rest', type: 'wait', input: { duration: '1h' } }], 'trigger > rest');
    const runId = await start(
      [call(child, {}, { mode: 'detach' }), set('after', { id: '{{ steps.call.output.runId }}' })],
      ['trigger > call', 'call > after'],
    );
    const run = await finished(runId);
    assert.equal(run.status, 'succeeded');
    const [one] = await children(runId);
    assert.deepEqual(stepOf(run, 'call').output, { inline: { runId: one?.id } });
    assert.deepEqual(stepOf(run, 'after').output, { inline: { id: one?.id } });
    await waiting(one?.id ?? '');
    await perform('runs.cancel', { id: one?.id ?? '' });
  });

  it('runs once for each item of a loop', async () => {
    const child = await greeter();
    const runId = await start(
      [
        {
          id: 'each',
          type: 'loop',
          input: { items: '{{ trigger.names }}', result: '{{ steps.call.output.text }}' },
        },
        call(child, { name: '{{ item }}' }),
        set('after', { all: '{{ steps.each.output.results }}' }),
      ],
      ['trigger > each', 'each.body > call', 'each.done > after'],
      { names: ['a', 'b', 'c', 'd'] },
    );
    const run = await finished(runId);
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    assert.deepEqual(stepOf(run, 'after').output, { inline: { all: ['Hi a', 'Hi b', 'Hi c', 'Hi d'] } });
    const started = await children(runId, 4);
    assert.deepEqual(started.map(({ parentIteration }) => parentIteration).sort(), ['0', '1', '2', '3']);
  });

  it('is cancelled with its parent where that waits for it, but not where it is detached', async () => {
    const child = await build([{ id: 'rest', type: 'wait', input: { duration: '1h' } }], 'trigger > rest');
    const runId = await start(
      [call(child, {}, { id: 'free', mode: 'detach' }), call(child, {}, { id: 'held' }), set('never', {})],
      ['trigger > free', 'free > held', 'held > never'],
    );
    const started = await children(runId, 2);
    await Promise.all(started.map(({ id }) => waiting(id)));
    await perform('runs.cancel', { id: runId });
    const run = await finished(runId);
    assert.equal(run.status, 'cancelled');
    assert.equal(stepOf(run, 'held').status, 'cancelled');
    const of = (node: string) => started.find(({ parentNodeId }) => parentNodeId === node)?.id ?? '';
    assert.equal((await finished(of('held'))).status, 'cancelled');
    const free = await waiting(of('free'));
    assert.equal(free.status, 'waiting');
    await perform('runs.cancel', { id: free.id });
  });

  it('tells its parent when it is cancelled by itself', async () => {
    const child = await build([{ id: 'rest', type: 'wait', input: { duration: '1h' } }], 'trigger > rest');
    const runId = await start([call(child)], ['trigger > call']);
    const [one] = await children(runId);
    await waiting(one?.id ?? '');
    await perform('runs.cancel', { id: one?.id ?? '' });
    const run = await finished(runId);
    assert.deepEqual(run.error, {
      code: 'conflict',
      message: 'The run of the subflow was cancelled',
      node: 'call',
    });
  });

  it('is cancelled when its time is up', async () => {
    const child = await build([{ id: 'rest', type: 'wait', input: { duration: '1h' } }], 'trigger > rest');
    const runId = await start([call(child, {}, { timeout: '1s' })], ['trigger > call']);
    const run = await finished(runId);
    assert.equal(run.error?.code, 'limit_exceeded');
    const [one] = await children(runId);
    assert.equal((await finished(one?.id ?? '')).status, 'cancelled');
  });

  it('is taken up again with its parent if it failed, and not started anew if it had ended well', async () => {
    const good = await build(
      [createTask('task', projectId, 'Good child'), give({ n: 1 })],
      'trigger > task',
      'task > end',
    );
    const bad = await repairable();
    const runId = await start(
      [call(good, {}, { id: 'good' }), call(bad.id, {}, { id: 'bad' })],
      ['trigger > good', 'good > bad'],
    );
    assert.equal((await finished(runId)).error?.node, 'bad');
    await bad.repair();
    await perform('runs.retry', { id: runId });
    const run = await finished(runId);
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    assert.deepEqual(stepOf(run, 'bad').output, { inline: { title: 'Fails' } });
    const started = await children(runId, 2);
    assert.deepEqual(
      started.map(({ parentNodeId, attempt, status }) => [parentNodeId, attempt, status]).sort(),
      [
        ['bad', 2, 'succeeded'],
        ['good', 1, 'succeeded'],
      ],
    );
    const Titles = z.object({ items: z.array(z.object({ title: z.string() })) });
    const { items } = Titles.parse(await perform('tasks.list', { projectId, limit: 200 }));
    const titles = items.map(({ title }) => title);
    assert.equal(titles.filter((title) => title === 'Good child').length, 1);
    assert.equal(titles.filter((title) => title === 'Done once').length, 1);
  });

  it('keeps what it has given in a loop whose later pass is tried again', async () => {
    const bad = await repairable();
    const good = await greeter();
    const runId = await start(
      [
        { id: 'each', type: 'loop', input: { items: '{{ trigger.items }}' } },
        call(good, { name: '{{ item }}' }, { id: 'good' }),
        { id: 'is_last', type: 'if', input: { condition: '{{ index == 1 }}' } },
        call(bad.id, {}, { id: 'bad' }),
      ],
      ['trigger > each', 'each.body > good', 'good > is_last', 'is_last.true > bad'],
      { items: ['a', 'b'] },
    );
    assert.equal((await finished(runId)).status, 'failed');
    await bad.repair();
    await perform('runs.retry', { id: runId });
    const run = await finished(runId);
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    const started = await children(runId, 3);
    assert.deepEqual(
      started.map((one) => `${one.parentNodeId}@${one.parentIteration} ${one.attempt}`).sort(),
      ['bad@1 2', 'good@0 1', 'good@1 1'],
    );
  });

  it('goes on after it was cancelled with its parent, and that is retried', async () => {
    const child = await build(
      [{ id: 'rest', type: 'wait', input: { event: 'task.updated' }, timeout: '1h' }, give({ done: true })],
      'trigger > rest',
      'rest > end',
    );
    const runId = await start([call(child)], ['trigger > call']);
    const [one] = await children(runId);
    await waiting(one?.id ?? '');
    await perform('runs.cancel', { id: runId });
    await finished(runId);
    await finished(one?.id ?? '');
    await perform('runs.retry', { id: runId });
    await waiting(one?.id ?? '');
    const Task = z.object({ id: z.uuid() });
    const { id } = Task.parse(await perform('tasks.create', { projectId, title: 'T' }));
    await perform('tasks.update', { id, title: 'U' });
    const run = await finished(runId);
    assert.deepEqual(stepOf(run, 'call').output, { inline: { done: true } });
  });

  it('fails its step while the automation is paused, and works again once it is not', async () => {
    const child = await greeter();
    const parent = await build([call(child, { name: 'x' })], 'trigger > call');
    await perform('automations.pause', { id: child });
    const runId = await startRun(system.app, organization.caller, parent);
    const run = await finished(runId);
    assert.equal(run.error?.code, 'conflict');
    assert.match(run.error?.message ?? '', /"Test" is paused/);
    await perform('automations.resume', { id: child });
    await perform('runs.retry', { id: runId });
    assert.equal((await finished(runId)).status, 'succeeded');
    await perform('automations.delete', { id: child });
    const gone = await finished(await startRun(system.app, organization.caller, parent));
    assert.equal(gone.error?.code, 'not_found');
  });

  it('is tried again as often as the step says, where another attempt can help', async () => {
    const { id: connection } = await buildSlackConnection(system.app, organization.caller, slack.apiUrl);
    const child = await build(
      [
        createTask('once', projectId, 'Tried once'),
        postMessage('tell', connection, 'Hi', { retry: { attempts: 1 } }),
        give({ at: '{{ steps.tell.output.ts }}' }),
      ],
      'trigger > once',
      'once > tell',
      'tell > end',
    );
    const calling = (more: object) => start([call(child, {}, more)], ['trigger > call']);
    slack.server.failNext(1, 'server_error');
    const once = await finished(await calling({}));
    assert.equal(once.error?.code, 'provider_unavailable');
    slack.server.failNext(2, 'server_error');
    const runId = await calling({ retry: { attempts: 3, backoff: '100ms' } });
    const run = await finished(runId);
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    const [one] = await children(runId);
    assert.deepEqual([one?.attempt, one?.status], [3, 'succeeded']);
    const titles = z.object({ items: z.array(z.object({ title: z.string() })) });
    const { items } = titles.parse(await perform('tasks.list', { projectId, limit: 200 }));
    assert.equal(items.filter(({ title }) => title === 'Tried once').length, 2);
  });

  it('is found again by a step in a later window of a long loop', async () => {
    const bad = await repairable();
    const runId = await start(
      [
        { id: 'each', type: 'loop', input: { items: '{{ trigger.items }}' } },
        { id: 'is_it', type: 'if', input: { condition: '{{ index == 1005 }}' } },
        call(bad.id),
      ],
      ['trigger > each', 'each.body > is_it', 'is_it.true > call'],
      { items: Array.from({ length: 1_010 }, (_, index) => index) },
    );
    assert.equal((await finished(runId)).error?.node, 'call');
    await bad.repair();
    await perform('runs.retry', { id: runId });
    const run = await finished(runId);
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    const started = await children(runId);
    assert.deepEqual(
      started.map(({ parentIteration, attempt }) => [parentIteration, attempt]),
      [['1005', 2]],
    );
  });

  it('ends a chain of ten', async () => {
    let last = await build([give({ depth: 0 })], 'trigger > end');
    for (let depth = 1; depth <= 10; depth += 1) {
      last = await build(
        [call(last), give({ of: '{{ steps.call.output }}' })],
        'trigger > call',
        'call > end',
      );
    }
    const run = await finished(await startRun(system.app, organization.caller, last));
    assert.equal(run.status, 'failed');
    assert.match(run.error?.message ?? '', /More than 10 automations/);
  });

  it('is started by steps of runs only', async () => {
    const child = await greeter();
    await assertRefused(perform('automations.run_subflow', { id: child }), 'forbidden');
  });
});
