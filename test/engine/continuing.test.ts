import assert from 'node:assert/strict';
import { Connection } from '@temporalio/client';
import { count, eq } from 'drizzle-orm';
import { z } from 'zod';
import { runs, waits } from '#db/schema/index.js';
import { createTemporalClient } from '#runtime/engine/temporal-engine.js';
import { createTask, manual, postMessage, set, type TestNode } from '../automation/nodes.js';
import { buildAutomation } from '../builders/build-automation.js';
import { buildSlackConnection } from '../builders/build-connection.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { finishedRun, runThat, startRun, stepOf, stepStatuses } from '../builders/watch-runs.js';
import { onTestsEnd } from '../closing.js';
import { continuingSystem } from '../continuing-system.js';
import { eventually } from '../eventually.js';
import { openTestSlack, type TestSlack } from '../slack.js';
import type { TestSystem } from '../system.js';

const Tasks = z.object({ items: z.array(z.object({ title: z.string() })) });
const Approvals = z.object({ items: z.array(z.object({ id: z.uuid(), status: z.string() })) });

describe('a run whose workflow goes on as a new one', function () {
  this.timeout(90_000);
  let system: TestSystem;
  let organization: BuiltOrganization;
  let slack: TestSlack;
  let connection: string;
  let projectId: string;
  let temporal: ReturnType<typeof createTemporalClient>;
  before(async () => {
    [system, slack] = await Promise.all([continuingSystem(), openTestSlack()]);
    organization = await buildOrganization(system.app);
    projectId = (await buildProject(system.app, organization.caller)).id;
    connection = (await buildSlackConnection(system.app, organization.caller, slack.apiUrl)).id;
    const engine = await Connection.connect({ address: system.configuration.TEMPORAL_ADDRESS });
    onTestsEnd(() => engine.close());
    temporal = createTemporalClient(system.configuration, engine);
  });
  afterEach(() => slack.proxy.release());

  const perform = (name: string, input: object) => system.app.perform(organization.caller, name, input);
  const finished = (runId: string) => finishedRun(system.app, organization.caller, runId);

  async function start(nodes: readonly TestNode[], ways: readonly string[], input: object = {}) {
    const { id } = await buildAutomation(system.app, organization.caller, manual(nodes, ...ways));
    return startRun(system.app, organization.caller, id, input);
  }

  /** How many workflows have carried a run one after the other. */
  async function partsOf(runId: string): Promise<number> {
    const [run] = await system.app.services.database.withOrg(organization.orgId, (transaction) =>
      transaction.select({ workflowId: runs.workflowId }).from(runs).where(eq(runs.id, runId)),
    );
    let executionId: string | undefined;
    for (let parts = 1; ; parts += 1) {
      const history = await temporal.workflow.getHandle(run?.workflowId ?? '', executionId).fetchHistory();
      const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
      if (!started?.continuedExecutionRunId) return parts;
      executionId = started.continuedExecutionRunId;
    }
  }

  async function titles(): Promise<string[]> {
    const { items } = Tasks.parse(await perform('tasks.list', { projectId, limit: 200 }));
    return items.map(({ title }) => title);
  }

  const ask: TestNode = {
    id: 'ask',
    type: 'approval',
    input: { title: 'Go on?' },
    approvers: { roles: ['owner'] },
  };
  const rounds = (id: string, condition: string): TestNode => ({ id, type: 'while', input: { condition } });

  it('keeps an approval open through all of them, and takes the decision once', async () => {
    const nodes = [
      ask,
      set('yes', { decision: '{{ steps.ask.output.decision }}' }),
      rounds('poll', '{{ index < 6 }}'),
      postMessage('tell', connection, 'Approval round {{ index }}'),
      createTask('last', projectId, 'After the rounds'),
    ];
    const ways = [
      'trigger > ask',
      'ask.approved > yes',
      'trigger > poll',
      'poll.body > tell',
      'poll.done > last',
    ];
    const runId = await start(nodes, ways);
    await runThat(system.app, organization.caller, runId, 'the rounds are over', ({ steps }) =>
      steps.some(({ nodeId, status }) => nodeId === 'last' && status === 'succeeded'),
    );
    assert.ok((await partsOf(runId)) > 3, 'the workflow went on as a new one at least three times');
    const { items } = Approvals.parse(await perform('approvals.list', { runId }));
    assert.equal(items.length, 1);
    await perform('approvals.decide', { id: items[0]?.id, decision: 'approved' });
    const run = await finished(runId);
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    assert.deepEqual(stepOf(run, 'yes').output, { inline: { decision: 'approved' } });
    const posted = slack.server.messages.filter(({ text }) => text.startsWith('Approval round'));
    assert.deepEqual(
      posted.map(({ text }) => text),
      [0, 1, 2, 3, 4, 5].map((index) => `Approval round ${index}`),
    );
    assert.equal((await titles()).filter((title) => title === 'After the rounds').length, 1);
  });

  it('hears a decision that is made while the next workflow begins', async () => {
    const nodes = [
      ask,
      set('yes', {}),
      rounds('poll', '{{ index < 8 }}'),
      postMessage('tell', connection, 'Busy'),
    ];
    const runId = await start(nodes, [
      'trigger > ask',
      'ask.approved > yes',
      'trigger > poll',
      'poll.body > tell',
    ]);
    const [{ id } = { id: '' }] = await eventually('the approval is open', async () => {
      const { items } = Approvals.parse(await perform('approvals.list', { runId, status: 'open' }));
      return items.length > 0 ? items : undefined;
    });
    await perform('approvals.decide', { id, decision: 'approved' });
    const run = await finished(runId);
    assert.deepEqual([run.status, stepOf(run, 'yes').status], ['succeeded', 'succeeded']);
  });

  it('waits for the rest of a time, not for all of it anew', async () => {
    const nodes = [
      { id: 'rest', type: 'wait', input: { duration: '4s' } },
      rounds('poll', '{{ index < 5 }}'),
      postMessage('tell', connection, 'Waiting round {{ index }}'),
      { id: 'nap', type: 'wait', input: { duration: '400ms' } },
    ];
    const runId = await start(nodes, ['trigger > rest', 'trigger > poll', 'poll.body > tell', 'tell > nap']);
    const run = await finished(runId);
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    assert.ok((await partsOf(runId)) > 3);
    const rest = stepOf(run, 'rest');
    const tookMs = Date.parse(rest.finishedAt ?? '') - Date.parse(rest.startedAt ?? '');
    assert.ok(tookMs >= 3_900 && tookMs < 7_000, `the wait of 4 s took ${tookMs} ms`);
    assert.equal(slack.server.messages.filter(({ text }) => text.startsWith('Waiting round')).length, 5);
  });

  it('goes another way when nobody decides in time, which does not begin anew', async () => {
    const nodes = [
      { ...ask, timeout: '3s' },
      createTask('late', projectId, 'Too late'),
      rounds('poll', '{{ index < 12 }}'),
      postMessage('tell', connection, 'Nobody decides'),
    ];
    const ways = ['trigger > ask', 'ask.timeout > late', 'trigger > poll', 'poll.body > tell'];
    const run = await finished(await start(nodes, ways));
    assert.deepEqual([run.status, stepOf(run, 'late').status], ['succeeded', 'succeeded']);
    assert.ok((await partsOf(run.id)) > 3);
    const { startedAt, finishedAt } = stepOf(run, 'ask');
    const tookMs = Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? '');
    assert.ok(tookMs >= 2_900 && tookMs < 6_000, `3 s took ${tookMs} ms`);
  });

  it('keeps the passes of loops within loops apart, and does each once', async () => {
    const nodes = [
      {
        id: 'rows',
        type: 'loop',
        input: { items: '{{ trigger.rows }}', result: '{{ steps.cells.output.results }}' },
        concurrency: 2,
      },
      {
        id: 'cells',
        type: 'loop',
        input: { items: '{{ item }}', result: '{{ steps.tell.output.channel + item }}' },
        concurrency: 2,
      },
      postMessage('tell', connection, 'Cell {{ item }}'),
      createTask('task', projectId, 'Cell {{ item }}'),
    ];
    const rows = [['a', 'b', 'c'], ['d'], [], ['e', 'f']];
    const runId = await start(
      nodes,
      ['trigger > rows', 'rows.body > cells', 'cells.body > tell', 'tell > task'],
      { rows },
    );
    const run = await finished(runId);
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    assert.ok((await partsOf(runId)) > 3);
    const { output } = stepOf(run, 'rows');
    assert.ok(output && 'inline' in output);
    const { results } = z.object({ results: z.array(z.array(z.string())) }).parse(output.inline);
    assert.deepEqual(
      results.map((row) => row.map((text) => text.at(-1))),
      rows,
    );
    const expected = rows.flat().map((cell) => `Cell ${cell}`);
    const posted = slack.server.messages.map(({ text }) => text).filter((text) => text.startsWith('Cell '));
    assert.deepEqual(posted.sort(), expected);
    assert.deepEqual((await titles()).filter((title) => title.startsWith('Cell ')).sort(), expected);
  });

  it('can be cancelled at any moment, and leaves nothing open', async () => {
    const nodes = [
      ask,
      rounds('poll', '{{ index < 90 }}'),
      postMessage('tell', connection, 'To be cancelled {{ run.id }}'),
    ];
    const ids = await Promise.all(
      Array.from({ length: 6 }, () => start(nodes, ['trigger > ask', 'trigger > poll', 'poll.body > tell'])),
    );
    for (const [index, runId] of ids.entries()) {
      await eventually('rounds were made', () => {
        const made = slack.server.messages.filter(({ text }) => text === `To be cancelled ${runId}`);
        return made.length > index ? true : undefined;
      });
      await eventually('the approval was asked for', async () => {
        const { items } = Approvals.parse(await perform('approvals.list', { runId }));
        return items.length > 0 ? true : undefined;
      });
      await perform('runs.cancel', { id: runId });
    }
    for (const runId of ids) {
      const run = await finished(runId);
      assert.equal(run.status, 'cancelled');
      const { ask: asked, poll } = stepStatuses(run);
      assert.deepEqual([asked, poll], ['cancelled', 'cancelled']);
      const [open] = await system.app.services.database.withOrg(organization.orgId, (transaction) =>
        transaction.select({ open: count() }).from(waits).where(eq(waits.runId, runId)),
      );
      assert.equal(open?.open, 1);
      const { items } = Approvals.parse(await perform('approvals.list', { runId }));
      assert.deepEqual(
        items.map(({ status }) => status),
        ['cancelled'],
      );
    }
  });

  it('waits for the same run of a subflow', async () => {
    const nap = manual(
      [
        { id: 'nap', type: 'wait', input: { duration: '3s' } },
        createTask('made', projectId, 'By the subflow'),
      ],
      'trigger > nap',
      'nap > made',
    );
    const { id: automation } = await buildAutomation(system.app, organization.caller, nap);
    const nodes = [
      { id: 'call', type: 'subflow', automation, input: {} },
      rounds('poll', '{{ index < 5 }}'),
      postMessage('tell', connection, 'Beside the subflow'),
    ];
    const run = await finished(await start(nodes, ['trigger > call', 'trigger > poll', 'poll.body > tell']));
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    assert.ok((await partsOf(run.id)) > 2);
    assert.equal((await titles()).filter((title) => title === 'By the subflow').length, 1);
    assert.equal(slack.server.messages.filter(({ text }) => text === 'Beside the subflow').length, 5);
  });

  it('lets a call to the outside end first, which is made once', async () => {
    const nodes = [
      postMessage('slow', connection, 'Slow call'),
      createTask('one', projectId, 'One'),
      createTask('two', projectId, 'Two'),
      createTask('three', projectId, 'Three'),
      { id: 'end', type: 'join', input: { mode: 'all' } },
    ];
    slack.proxy.hold();
    const runId = await start(nodes, [
      'trigger > slow',
      'trigger > one',
      'one > two',
      'two > three',
      'three > end',
      'slow > end',
    ]);
    await eventually('the call is out', () => (slack.proxy.heldCount > 0 ? true : undefined));
    slack.proxy.release();
    const run = await finished(runId);
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    assert.equal(slack.server.messages.filter(({ text }) => text === 'Slow call').length, 1);
  });
});
