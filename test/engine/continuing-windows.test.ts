import assert from 'node:assert/strict';
import { Connection } from '@temporalio/client';
import { z } from 'zod';
import { createTemporalClient } from '#runtime/engine/temporal-engine.js';
import { unpackValue } from '#runtime/packing.js';
import { createTask, edges, postMessage, set, type TestNode } from '../automation/nodes.js';
import { buildAutomation } from '../builders/build-automation.js';
import { buildSlackConnection } from '../builders/build-connection.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { finishedRun, startRun, stepOf } from '../builders/watch-runs.js';
import { onTestsEnd } from '../closing.js';
import { openContinuingSystem } from '../continuing-system.js';
import { eventually } from '../eventually.js';
import { openTestSlack, type TestSlack } from '../slack.js';
import type { TestSystem } from '../system.js';

const Approvals = z.object({
  items: z.array(z.object({ id: z.uuid(), status: z.string(), iteration: z.string() })),
});
const Output = z.object({ succeeded: z.number(), failed: z.number(), results: z.array(z.unknown()) });
const Tasks = z.object({ items: z.array(z.object({ title: z.string() })) });

/** Two windows, of 100 and 20: the body has twenty nodes. */
const itemCount = 120;
/** Reading what the passes under way had settled takes half of it. */
const historyLimit = 48;
const asked = [3, 43, 83, 103];

describe('a window of a long list whose workflow goes on as a new one', function () {
  this.timeout(120_000);
  let system: TestSystem;
  let organization: BuiltOrganization;
  let slack: TestSlack;
  let connection: string;
  let projectId: string;
  let temporal: ReturnType<typeof createTemporalClient>;
  before(async () => {
    [system, slack] = await Promise.all([openContinuingSystem(historyLimit), openTestSlack()]);
    organization = await buildOrganization(system.app);
    projectId = (await buildProject(system.app, organization.caller)).id;
    connection = (await buildSlackConnection(system.app, organization.caller, slack.apiUrl)).id;
    const engine = await Connection.connect({ address: system.configuration.TEMPORAL_ADDRESS });
    onTestsEnd(() => engine.close());
    temporal = createTemporalClient(system.configuration, engine);
  });

  const perform = (name: string, input: object) => system.app.perform(organization.caller, name, input);

  /** Some items ask first, each tenth makes a call, and all come together at the end of the pass. */
  async function start(name: string): Promise<string> {
    const padding = Array.from({ length: 14 }, (_, place) => set(`pad${place}`, {}));
    const nodes: TestNode[] = [
      {
        id: 'each',
        type: 'loop',
        input: { items: '{{ trigger.items }}', result: '{{ item + 1 }}' },
        concurrency: 4,
      },
      { id: 'is_asked', type: 'if', input: { condition: '{{ item in trigger.asked }}' } },
      { id: 'ask', type: 'approval', input: { title: 'Item {{ item }}?' }, approvers: { roles: ['owner'] } },
      createTask('made', projectId, `${name} {{ item }}`),
      { id: 'is_tenth', type: 'if', input: { condition: '{{ item % 10 == 0 }}' } },
      postMessage('tell', connection, `${name} {{ item }}`),
      { id: 'end', type: 'join', input: { mode: 'any' } },
      ...padding,
    ];
    const { id } = await buildAutomation(system.app, organization.caller, {
      name,
      trigger: { type: 'manual' },
      nodes,
      edges: edges(
        'trigger > each',
        'each.body > is_asked',
        'is_asked.true > ask',
        'ask.approved > made',
        'is_asked.false > is_tenth',
        'is_tenth.true > tell',
        'made > end',
        'tell > end',
        'is_tenth.false > end',
        ...padding.map((_, place) => `${place === 0 ? 'end' : `pad${place - 1}`} > pad${place}`),
      ),
    });
    const items = Array.from({ length: itemCount }, (_, item) => item);
    return startRun(system.app, organization.caller, id, { items, asked });
  }

  /** How many workflows have carried a window one after the other; 0 as long as there is none. */
  async function partsOf(runId: string, from: number): Promise<number> {
    const workflowId = `org/${organization.orgId}/loops/${runId}/each#${from}`;
    let executionId: string | undefined;
    for (let parts = 0; ; parts += 1) {
      const handle = temporal.workflow.getHandle(workflowId, executionId);
      const history = await handle.fetchHistory().catch(() => undefined);
      const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
      if (!started) return parts;
      if (!started.continuedExecutionRunId) return parts + 1;
      executionId = started.continuedExecutionRunId;
    }
  }

  async function approvalsOf(runId: string, status?: string) {
    return Approvals.parse(await perform('approvals.list', { runId, ...(status && { status }), limit: 200 }))
      .items;
  }

  const posted = (name: string) =>
    slack.server.messages.map(({ text }) => text).filter((text) => text.startsWith(`${name} `));

  async function titles(name: string): Promise<string[]> {
    const { items } = Tasks.parse(await perform('tasks.list', { projectId, limit: 200 }));
    return items.map(({ title }) => title).filter((title) => title.startsWith(`${name} `));
  }

  const tenths = (name: string) =>
    Array.from({ length: itemCount / 10 }, (_, place) => `${name} ${place * 10}`).sort();

  it('keeps approvals in its body open through all of them, and loses and repeats nothing', async () => {
    const runId = await start('Kept');
    await eventually('three ask in the first window, and all else is done there', async () =>
      posted('Kept').length === 10 && (await approvalsOf(runId, 'open')).length === 3 ? true : undefined,
    );
    assert.ok((await partsOf(runId, 0)) > 2, 'the window went on as a new workflow twice at least');
    assert.equal(await partsOf(runId, 100), 0);
    for (const { id } of await approvalsOf(runId, 'open'))
      await perform('approvals.decide', { id, decision: 'approved' });
    const [last] = await eventually('one asks in the second window', async () => {
      const open = await approvalsOf(runId, 'open');
      return open.some(({ iteration }) => iteration === '103') ? open : undefined;
    });
    await perform('approvals.decide', { id: last?.id, decision: 'approved' });
    const run = await finishedRun(system.app, organization.caller, runId);
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    const { output } = stepOf(run, 'each');
    const { succeeded, failed, results } = Output.parse(
      await unpackValue(system.app.services.files(organization.orgId), output ?? { inline: null }),
    );
    assert.deepEqual([succeeded, failed], [itemCount, 0]);
    assert.deepEqual(
      results,
      Array.from({ length: itemCount }, (_, item) => item + 1),
    );
    const approvals = await approvalsOf(runId);
    assert.deepEqual(
      approvals
        .map(({ iteration, status }) => [Number(iteration), status])
        .sort(([a], [b]) => Number(a) - Number(b)),
      asked.map((item) => [item, 'answered']),
    );
    assert.deepEqual(posted('Kept').sort(), tenths('Kept'));
    assert.deepEqual((await titles('Kept')).sort(), asked.map((item) => `Kept ${item}`).sort());
  });

  it('takes decisions that are made while it goes on, each once', async () => {
    const runId = await start('Busy');
    const decided = new Set<string>();
    await eventually('all have been decided', async () => {
      for (const { id } of await approvalsOf(runId, 'open')) {
        await perform('approvals.decide', { id, decision: 'approved' });
        decided.add(id);
      }
      return decided.size === asked.length ? true : undefined;
    });
    const run = await finishedRun(system.app, organization.caller, runId);
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    assert.ok((await partsOf(runId, 0)) > 2);
    assert.deepEqual(posted('Busy').sort(), tenths('Busy'));
    assert.deepEqual((await titles('Busy')).sort(), asked.map((item) => `Busy ${item}`).sort());
  });

  it('is cancelled with its run, and leaves no approval open', async () => {
    const runId = await start('Cancelled');
    await eventually('it went on as a new one while somebody is asked', async () =>
      (await approvalsOf(runId, 'open')).length > 0 && (await partsOf(runId, 0)) > 2 ? true : undefined,
    );
    await perform('runs.cancel', { id: runId });
    const run = await finishedRun(system.app, organization.caller, runId);
    assert.equal(run.status, 'cancelled');
    const statuses = (await approvalsOf(runId)).map(({ status }) => status);
    assert.deepEqual([...new Set(statuses)], ['cancelled']);
    assert.deepEqual(await titles('Cancelled'), []);
    assert.equal(new Set(posted('Cancelled')).size, posted('Cancelled').length);
  });
});
