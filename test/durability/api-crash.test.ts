import assert from 'node:assert/strict';
import { listTaskTitles } from '../builders/list-tasks.js';
import { finishedRuns } from '../builders/watch-runs.js';
import { openTestSlack, type TestSlack } from '../slack.js';
import { type DurableSystem, durableSystem } from './durable-system.js';
import { sendWebhook } from './send-webhook.js';
import { buildTicketAutomation } from './ticket-automation.js';

describe('an API that crashes', function () {
  this.timeout(120_000);
  let system: DurableSystem;
  let slack: TestSlack;
  before(async () => {
    [system, slack] = await Promise.all([durableSystem(), openTestSlack()]);
  });

  it('right after it took in a delivery does not lose it', async () => {
    await system.worker.kill();
    await system.api.start();
    const ticket = await buildTicketAutomation(system, slack);
    await sendWebhook(ticket.webhookUrl, 'accepted', { title: 'Phone' });
    await system.api.kill();
    await Promise.all([system.api.start(), system.worker.start()]);
    await sendWebhook(ticket.webhookUrl, 'accepted', { title: 'Phone' });
    const [run] = await finishedRuns(system.app, ticket.caller, ticket.automationId);
    assert.equal(run?.status, 'succeeded');
    assert.deepEqual(await listTaskTitles(system.app, ticket.caller, ticket.projectId), ['Phone']);
    assert.equal(slack.server.messages.length, 1);
  });
});
