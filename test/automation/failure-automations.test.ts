import assert from 'node:assert/strict';
import { z } from 'zod';
import { FailurePayload } from '#core/automation/triggers/error.js';
import { buildAutomation } from '../builders/build-automation.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { finishedRun, finishedRuns, startRun } from '../builders/watch-runs.js';
import { type TestSystem, workingSystem } from '../system.js';
import { manual, set, type TestNode } from './nodes.js';

const Page = z.object({ items: z.array(z.object({ id: z.uuid(), automationId: z.uuid() })) });
const failing: TestNode = { id: 'end', type: 'stop', input: { status: 'failed', message: 'No milk' } };

describe('when a run fails for good', () => {
  let system: TestSystem;
  let organization: BuiltOrganization;
  before(async () => {
    system = await workingSystem();
  });
  beforeEach(async () => {
    organization = await buildOrganization(system.app);
  });

  const perform = (name: string, input: object) => system.app.perform(organization.caller, name, input);
  const build = async (definition: object) =>
    (await buildAutomation(system.app, organization.caller, definition)).id;
  const failed = async (id: string, input: object = {}) => {
    const runId = await startRun(system.app, organization.caller, id, input);
    const run = await finishedRun(system.app, organization.caller, runId);
    assert.equal(run.status, 'failed');
    return run;
  };
  const handlers = async (failedRunId: string) =>
    Page.parse(await perform('runs.list', { failedRunId })).items;
  const note = (trigger: object = { type: 'manual' }, nodes: readonly TestNode[] = []) => ({
    ...manual([set('note', { name: '{{ trigger.run.name }}' }), ...nodes], 'trigger > note'),
    trigger,
  });
  const withHandler = (onFailure: string) => ({
    ...manual([failing], 'trigger > end'),
    settings: { onFailure },
  });

  /** Waits until every event so far has been dispatched: a later failure has been heard. */
  async function settled(): Promise<void> {
    const last = await build(note());
    const id = await build(withHandler(last));
    await failed(id);
    await finishedRuns(system.app, organization.caller, last);
  }

  it('starts its failure automation, which is told of the run and its trigger', async () => {
    const handler = await build(note());
    const id = await build(withHandler(handler));
    const run = await failed(id, { what: 'milk' });
    const [handling] = await finishedRuns(system.app, organization.caller, handler);
    assert.equal(handling?.status, 'succeeded', JSON.stringify(handling?.error));
    const { run: told, trigger } = FailurePayload.parse(handling?.trigger);
    assert.deepEqual(
      { ...told, startedAt: undefined, finishedAt: undefined },
      {
        id: run.id,
        automationId: id,
        name: 'Test',
        version: 1,
        error: { code: 'conflict', message: 'No milk' },
        startedAt: undefined,
        finishedAt: undefined,
        attempt: 1,
      },
    );
    assert.deepEqual([told.startedAt, told.finishedAt], [run.startedAt, run.finishedAt]);
    assert.deepEqual(trigger, { what: 'milk' });
    assert.deepEqual(
      (await handlers(run.id)).map(({ automationId }) => automationId),
      [handler],
    );
  });

  it('leaves a large trigger out', async () => {
    const handler = await build(note());
    await failed(await build(withHandler(handler)), { text: 'x'.repeat(20_000) });
    const [handling] = await finishedRuns(system.app, organization.caller, handler);
    assert.equal(FailurePayload.parse(handling?.trigger).trigger, null);
  });

  it('tells of each attempt that failed', async () => {
    const handler = await build(note());
    const { id } = await failed(await build(withHandler(handler)));
    await perform('runs.retry', { id });
    const handling = await finishedRuns(system.app, organization.caller, handler, 2);
    const attempts = handling.map(({ trigger }) => FailurePayload.parse(trigger).run.attempt);
    assert.deepEqual(attempts, [1, 2]);
  });

  it('starts those that listen to errors of it or of any, and no others', async () => {
    const first = await build(manual([failing], 'trigger > end'));
    const second = await build(manual([failing], 'trigger > end'));
    const any = await build(note({ type: 'error' }));
    const ofFirst = await build(note({ type: 'error', input: { automations: [first] } }));
    const matching = await build(note({ type: 'error', where: "{{ trigger.trigger.what == 'tea' }}" }));
    const runs = [await failed(first, { what: 'milk' }), await failed(second, { what: 'tea' })];
    await finishedRuns(system.app, organization.caller, any, 2);
    await finishedRuns(system.app, organization.caller, ofFirst, 1);
    await finishedRuns(system.app, organization.caller, matching, 1);
    const started = await Promise.all(runs.map(({ id }) => handlers(id)));
    assert.deepEqual(
      started.map((items) => items.map(({ automationId }) => automationId).sort()),
      [[any, ofFirst].sort(), [any, matching].sort()],
    );
  });

  it('does not go in circles: nobody hears of a failure automation that fails, nor of its subflows', async () => {
    const child = await build(manual([failing], 'trigger > end'));
    const call: TestNode = { id: 'call', type: 'subflow', automation: child };
    const any = await build({
      ...manual([call], 'trigger > call'),
      trigger: { type: 'error' },
    });
    const handler = await build(manual([failing], 'trigger > end'));
    const run = await failed(await build(withHandler(handler)));
    const handled = [
      ...(await finishedRuns(system.app, organization.caller, handler)),
      ...(await finishedRuns(system.app, organization.caller, any)),
      ...(await finishedRuns(system.app, organization.caller, child)),
    ];
    assert.deepEqual(
      handled.map(({ status }) => status),
      ['failed', 'failed', 'failed'],
    );
    await perform('automations.pause', { id: any });
    await settled();
    for (const { id } of handled) assert.deepEqual(await handlers(id), []);
    assert.equal((await handlers(run.id)).length, 3);
  });

  it('starts nothing while the failure automation is paused', async () => {
    const handler = await build(note());
    const id = await build(withHandler(handler));
    await perform('automations.pause', { id: handler });
    const run = await failed(id);
    await settled();
    assert.deepEqual(await handlers(run.id), []);
  });
});
