import assert from 'node:assert/strict';
import { buildAutomation, chain, getRun } from '../builders/build-automation.js';
import { buildOrganization } from '../builders/build-organization.js';
import { explain } from '../builders/limits.js';
import { finishedRun, startedRuns, startRun } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { type DurableSystem, durableSystem } from './durable-system.js';

describe('the explanation of a run for which nobody works', function () {
  this.timeout(120_000);
  let system: DurableSystem;
  before(async () => {
    system = await durableSystem();
  });
  beforeEach(() => Promise.all([system.api.start(), system.worker.start()]));

  const note = { id: 'note', type: 'set', input: { values: {} } };

  it('says that the engine does not answer, until it is back', async () => {
    const { app, stack, worker } = system;
    const { caller } = await buildOrganization(app);
    const { id } = await buildAutomation(app, caller, chain({ type: 'manual' }, [note]));
    await worker.kill();
    await stack.temporal.kill();
    try {
      const runId = await startRun(app, caller, id);
      assert.equal((await explain(app, caller, runId)).code, 'engine_unreachable');
      await stack.temporal.start();
      await eventually('the engine answers', async () =>
        (await explain(app, caller, runId)).code === 'engine_unreachable' ? undefined : true,
      );
      await worker.start();
      await finishedRun(app, caller, runId);
      assert.equal((await explain(app, caller, runId)).code, 'ended');
    } finally {
      await stack.temporal.start();
    }
  });

  it('says that it was handed to the engine, until a worker begins it', async () => {
    const { app, worker } = system;
    const { caller } = await buildOrganization(app);
    const reply = { id: 'reply', type: 'respond', input: { body: 'Done' } };
    const trigger = { type: 'webhook', input: { response: 'respond', timeout: '60s' } };
    const { id, webhookUrl } = await buildAutomation(app, caller, chain(trigger, [reply]));
    await eventually('a worker has asked for work', () => app.services.engine.workersSeenAt());
    await worker.kill();
    // The API itself starts a run for whose answer somebody waits.
    const answer = fetch(webhookUrl, { method: 'POST', body: '{}' });
    const [runId = ''] = await startedRuns(app, caller, id);
    assert.equal((await getRun(app, caller, runId)).status, 'queued');
    assert.equal((await explain(app, caller, runId)).code, 'starting');
    await worker.start();
    assert.equal(await (await answer).text(), 'Done');
  });
});
