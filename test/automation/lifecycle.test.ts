import assert from 'node:assert/strict';
import { z } from 'zod';
import type { Caller } from '#runtime/caller.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildAutomation } from '../builders/build-automation.js';
import { buildOrganization } from '../builders/build-organization.js';
import { deliver } from '../builders/deliver.js';
import { finishedRun, finishedRuns, runThat, startRun, stepOf } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { type TestSystem, workingSystem } from '../system.js';
import { edges, manual, set } from './nodes.js';

const Delivery = z.looseObject({ dispatchedAt: z.string().nullable(), runCount: z.number() });

describe('an automation', () => {
  let system: TestSystem;
  let caller: Caller;
  let orgId: string;
  before(async () => {
    system = await workingSystem();
    ({ caller, orgId } = await buildOrganization(system.app));
  });

  it('that is paused hears nothing, and hears again when resumed', async () => {
    const { app } = system;
    const { id, webhookUrl } = await buildAutomation(app, caller, onWebhook('{{ trigger.body.n }}'));
    await app.perform(caller, 'automations.pause', { id });
    assert.equal(await runsOf(await deliver(app, { orgId, webhookUrl }, { n: 1 })), 0);
    await assertRefused(app.perform(caller, 'automations.run', { id }), 'conflict');
    await app.perform(caller, 'automations.resume', { id });
    assert.equal(await runsOf(await deliver(app, { orgId, webhookUrl }, { n: 2 })), 1);
    const [run] = await finishedRuns(app, caller, id);
    assert.ok(run);
    assert.deepEqual(stepOf(run, 'note').output, { inline: { value: 2 } });
  });

  it('that is deleted hears nothing; restored it is paused', async () => {
    const { app } = system;
    const { id, webhookUrl } = await buildAutomation(app, caller, onWebhook('x'));
    await app.perform(caller, 'automations.delete', { id });
    assert.equal(await runsOf(await deliver(app, { orgId, webhookUrl })), 0);
    await assertRefused(app.perform(caller, 'automations.get', { id }), 'not_found');
    await assertRefused(app.perform(caller, 'automations.run', { id }), 'not_found');
    await app.perform(caller, 'automations.restore', { id });
    assert.equal(await runsOf(await deliver(app, { orgId, webhookUrl })), 0);
    await app.perform(caller, 'automations.resume', { id });
    assert.equal(await runsOf(await deliver(app, { orgId, webhookUrl })), 1);
  });

  it('that is published anew changes only new runs', async () => {
    const { app } = system;
    const pause = { id: 'pause', type: 'wait', input: { duration: '{{ trigger.pause }}' } };
    const version = (n: number) =>
      manual(
        [pause, set('note', { version: n, run: '{{ run.version }}' })],
        'trigger > pause',
        'pause > note',
      );
    const { id } = await buildAutomation(app, caller, version(1));
    const old = await startRun(app, caller, id, { pause: '2s' });
    await runThat(app, caller, old, 'the run waits', ({ status }) => status === 'waiting');
    await app.perform(caller, 'automations.update', { id, draft: version(2) });
    await app.perform(caller, 'automations.publish', { id });
    const fresh = await startRun(app, caller, id, { pause: '1ms' });
    const [oldRun, freshRun] = await Promise.all([
      finishedRun(app, caller, old),
      finishedRun(app, caller, fresh),
    ]);
    assert.deepEqual(stepOf(oldRun, 'note').output, { inline: { version: 1, run: 1 } });
    assert.deepEqual(stepOf(freshRun, 'note').output, { inline: { version: 2, run: 2 } });
  });

  it('whose draft changes runs as it was published', async () => {
    const { app } = system;
    const { id } = await buildAutomation(app, caller, manual([set('note', { is: 'old' })], 'trigger > note'));
    const draft = manual([set('note', { is: 'new' })], 'trigger > note');
    await app.perform(caller, 'automations.update', { id, draft });
    const run = await finishedRun(app, caller, await startRun(app, caller, id));
    assert.deepEqual(stepOf(run, 'note').output, { inline: { is: 'old' } });
  });

  it('that is started by hand sees the given input', async () => {
    const { app } = system;
    const { id } = await buildAutomation(
      app,
      caller,
      manual([set('note', { who: '{{ trigger.person.name }}', org: '{{ org.id }}' })], 'trigger > note'),
    );
    const run = await finishedRun(app, caller, await startRun(app, caller, id, { person: { name: 'Ada' } }));
    assert.deepEqual(stepOf(run, 'note').output, { inline: { who: 'Ada', org: orgId } });
    assert.deepEqual(run.trigger, { person: { name: 'Ada' } });
  });

  it('that was never published can not be run', async () => {
    const created = await system.app.perform(caller, 'automations.create', { name: 'Draft', draft: {} });
    const { id } = z.looseObject({ id: z.string() }).parse(created);
    await assertRefused(system.app.perform(caller, 'automations.run', { id }), 'conflict');
  });

  /** How many runs a delivery has started, once the dispatcher has looked at it. */
  async function runsOf(deliveryId: string): Promise<number> {
    return eventually('the delivery is dispatched', async () => {
      const shown = Delivery.parse(await system.app.perform(caller, 'deliveries.get', { id: deliveryId }));
      return shown.dispatchedAt === null ? undefined : shown.runCount;
    });
  }
});

function onWebhook(value: string) {
  return {
    name: 'Hook',
    trigger: { type: 'webhook' },
    nodes: [set('note', { value })],
    edges: edges('trigger > note'),
  };
}
