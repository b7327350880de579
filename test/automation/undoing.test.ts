import assert from 'node:assert/strict';
import { assertRefused } from '../builders/assert-refused.js';
import { buildAutomation, getRun } from '../builders/build-automation.js';
import { buildSlackConnection } from '../builders/build-connection.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { listTaskTitles } from '../builders/list-tasks.js';
import { finishedRun, runThat, startRun, stepOf, stepStatuses } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { openTestSlack, type TestSlack } from '../slack.js';
import { type TestSystem, workingSystem } from '../system.js';
import { createTask, edges, postMessage, set, type TestNode } from './nodes.js';

describe('a run that is given up', () => {
  let system: TestSystem;
  let organization: BuiltOrganization;
  let projectId: string;
  let slack: TestSlack;
  let connection: string;
  beforeEach(async () => {
    [system, slack] = await Promise.all([workingSystem(), openTestSlack()]);
    organization = await buildOrganization(system.app);
    projectId = (await buildProject(system.app, organization.caller)).id;
    connection = (await buildSlackConnection(system.app, organization.caller, slack.apiUrl)).id;
  });

  const remove = (id: string, of: string): TestNode => ({
    id,
    type: 'action',
    action: 'tasks.delete',
    input: { id: `{{ steps.${of}.output.id }}` },
  });
  const pause: TestNode = { id: 'pause', type: 'wait', input: { duration: '1h' } };
  const start = async (nodes: readonly TestNode[], between: readonly string[], settings: object = {}) => {
    const definition = {
      name: 'Undo',
      trigger: { type: 'manual' },
      nodes,
      edges: edges(...between),
      settings,
    };
    const { id } = await buildAutomation(system.app, organization.caller, definition);
    return startRun(system.app, organization.caller, id);
  };
  const cancel = (id: string) => system.app.perform(organization.caller, 'runs.cancel', { id });
  const finished = (id: string) => finishedRun(system.app, organization.caller, id);
  const waiting = (id: string) =>
    runThat(system.app, organization.caller, id, 'it waits', ({ status }) => status === 'waiting');
  const titles = () => listTaskTitles(system.app, organization.caller, projectId);

  it('undoes its steps when it is cancelled, the last one first', async () => {
    const runId = await start(
      [
        createTask('first', projectId, 'First'),
        createTask('second', projectId, 'Second'),
        pause,
        postMessage('tell_first', connection, 'Undo {{ steps.first.output.title }}'),
        remove('remove_first', 'first'),
        postMessage('tell_second', connection, 'Undo {{ steps.second.output.title }}'),
      ],
      [
        'trigger > first',
        'first > second',
        'second > pause',
        'first.compensate > tell_first',
        'tell_first > remove_first',
        'second.compensate > tell_second',
      ],
    );
    await waiting(runId);
    await cancel(runId);
    const run = await finished(runId);
    assert.equal(run.status, 'cancelled');
    assert.equal(run.error, null);
    assert.deepEqual(stepStatuses(run), {
      first: 'succeeded',
      second: 'succeeded',
      pause: 'cancelled',
      tell_first: 'succeeded',
      remove_first: 'succeeded',
      tell_second: 'succeeded',
    });
    assert.deepEqual(
      slack.server.messages.map(({ text }) => text),
      ['Undo Second', 'Undo First'],
    );
    assert.deepEqual(await titles(), ['Second']);
    await assertRefused(system.app.perform(organization.caller, 'runs.retry', { id: runId }), 'conflict');
  });

  it('undoes nothing when it succeeds, or fails and was not told to', async () => {
    const nodes = (last: TestNode) => [
      createTask('first', projectId, 'First'),
      last,
      remove('remove_first', 'first'),
    ];
    const between = ['trigger > first', 'first > last', 'first.compensate > remove_first'];
    const good = await finished(await start(nodes(set('last', {})), between));
    assert.deepEqual(stepStatuses(good), { first: 'succeeded', last: 'succeeded' });
    const bad = await finished(await start(nodes({ ...createTask('last', projectId, '') }), between));
    assert.equal(bad.status, 'failed');
    assert.deepEqual(stepStatuses(bad), { first: 'succeeded', last: 'failed' });
    assert.deepEqual(await titles(), ['First', 'First']);
  });

  it('undoes them when it fails, where it is told to, and says what went wrong', async () => {
    const runId = await start(
      [
        createTask('first', projectId, 'First'),
        createTask('other', projectId, 'Other'),
        createTask('broken', projectId, ''),
        remove('remove_first', 'first'),
        createTask('hopeless', projectId, ''),
      ],
      [
        'trigger > first',
        'first > other',
        'other > broken',
        'first.compensate > remove_first',
        'other.compensate > hopeless',
      ],
      { compensate: 'on_cancel_and_failure' },
    );
    const run = await finished(runId);
    assert.equal(run.status, 'failed');
    assert.equal(run.error?.node, 'broken');
    assert.equal(stepOf(run, 'hopeless').status, 'failed');
    assert.equal(stepOf(run, 'remove_first').status, 'succeeded');
    assert.deepEqual(await titles(), ['Other']);
  });

  it('waits for the step at work, and undoes that too', async () => {
    const runId = await start(
      [
        createTask('before', projectId, 'Before'),
        postMessage('tell', connection, 'Told'),
        remove('remove_before', 'before'),
        createTask('hint', projectId, 'Hint'),
      ],
      ['trigger > before', 'before > tell', 'before.compensate > remove_before', 'remove_before > hint'],
    );
    slack.proxy.hold();
    await eventually('the call is out', () => (slack.proxy.heldCount > 0 ? true : undefined));
    await cancel(runId);
    const run = await finished(runId);
    slack.proxy.release();
    assert.equal(run.status, 'cancelled');
    assert.deepEqual(await titles(), ['Hint']);
    assert.deepEqual((await getRun(system.app, organization.caller, runId)).error, null);
  });

  it('names what could not be undone when it is cancelled', async () => {
    const runId = await start(
      [createTask('first', projectId, 'First'), pause, createTask('hopeless', projectId, '')],
      ['trigger > first', 'first > pause', 'first.compensate > hopeless'],
    );
    await waiting(runId);
    await cancel(runId);
    const run = await finished(runId);
    assert.equal(run.status, 'cancelled');
    assert.equal(run.error?.node, 'hopeless');
  });

  it('can be told only what undoing can do', async () => {
    const refused = async (nodes: readonly TestNode[], between: readonly string[], message: RegExp) => {
      const { issues } = await assertRefused(start(nodes, between), 'validation');
      assert.ok(
        issues.some((issue) => message.test(issue.message)),
        JSON.stringify(issues),
      );
    };
    const first = createTask('first', projectId, 'First');
    await refused(
      [first, set('next', {}), remove('undo', 'first')],
      ['trigger > first', 'first > next', 'first.compensate > undo', 'next > undo'],
      /undoes first, and can not follow next as well/,
    );
    await refused(
      [first, pause],
      ['trigger > first', 'first.compensate > pause'],
      /undoes first, where a node of type wait has no place/,
    );
    await refused(
      [{ id: 'each', type: 'loop', input: { items: '{{ [1] }}' } }, first, remove('undo', 'first')],
      ['trigger > each', 'each.body > first', 'first.compensate > undo'],
      /is in the body of a loop, and can not be undone/,
    );
    await refused(
      [first, remove('undo', 'first'), set('more', {})],
      ['trigger > first', 'first.compensate > undo', 'undo.compensate > more'],
      /undoes a step, and can not be undone itself/,
    );
  });
});
