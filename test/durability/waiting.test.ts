import assert from 'node:assert/strict';
import { startedRuns } from '../builders/watch-runs.js';
import { buildWebhookAutomation, postJson, respond } from '../ingress/webhook-automation.js';
import { type DurableSystem, durableSystem } from './durable-system.js';

const trigger = { input: { response: 'respond', timeout: '120s' } };
const nodes = [respond('answer', { body: '{{ run.id }}' })];

describe('a webhook whose sender waits', function () {
  this.timeout(150_000);
  let system: DurableSystem;
  before(async () => {
    system = await durableSystem();
    await Promise.all([system.api.start(), system.worker.start()]);
  });

  it('is answered when a worker is back that was away', async () => {
    const { webhookUrl, caller, automationId } = await buildWebhookAutomation(system.app, trigger, nodes);
    await system.worker.kill();
    const answering = postJson(webhookUrl, {});
    const [runId] = await startedRuns(system.app, caller, automationId);
    await system.worker.start();
    const response = await answering;
    assert.equal(response.status, 200);
    assert.equal(await response.text(), runId);
  });

  it('is answered when Temporal is back that was away', async () => {
    const { webhookUrl, caller, automationId } = await buildWebhookAutomation(system.app, trigger, nodes);
    await system.stack.temporal.stop();
    const answering = postJson(webhookUrl, {});
    const [runId] = await startedRuns(system.app, caller, automationId);
    await system.stack.temporal.start();
    const response = await answering;
    assert.equal(response.status, 200);
    assert.equal(await response.text(), runId);
  });

  it('gets its answer from a later request with the same id when the API has crashed meanwhile', async () => {
    const { webhookUrl, caller, automationId } = await buildWebhookAutomation(system.app, trigger, [
      { id: 'rest', type: 'wait', input: { duration: '1s' } },
      ...nodes,
    ]);
    const send = () => postJson(webhookUrl, {}, { 'webhook-id': 'once' });
    const lost = send().catch(() => 'broken off');
    const [runId] = await startedRuns(system.app, caller, automationId);
    await system.api.kill();
    assert.equal(await lost, 'broken off');
    await system.api.start();
    assert.equal(await (await send()).text(), runId);
    assert.equal((await startedRuns(system.app, caller, automationId)).length, 1);
  });
});
