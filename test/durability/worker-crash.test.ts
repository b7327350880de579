import assert from 'node:assert/strict';
import { listTaskTitles } from '../builders/list-tasks.js';
import { finishedRuns, runThat, startedRuns, stepOf } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { openTestSlack, type TestSlack } from '../slack.js';
import { type DurableSystem, durableSystem } from './durable-system.js';
import { sendWebhook } from './send-webhook.js';
import { buildTicketAutomation, type TicketAutomation } from './ticket-automation.js';

describe('a worker that crashes', function () {
  this.timeout(120_000);
  let system: DurableSystem;
  let slack: TestSlack;
  before(async () => {
    [system, slack] = await Promise.all([durableSystem(), openTestSlack()]);
    await Promise.all([system.api.start(), system.worker.start()]);
  });

  it('between two steps repeats neither: the run ends with one task and one message', async () => {
    const ticket = await buildTicketAutomation(system, slack);
    const before = slack.server.messages.length;
    slack.server.failNext(10_000, 'server_error');
    await sendWebhook(ticket.webhookUrl, 'between', { title: 'Printer' });
    await stepThatTries(ticket);
    await system.worker.kill();
    slack.server.failNext(0, 'server_error');
    await system.worker.start();
    await assertDoneOnce(ticket, before);
  });

  it('while Slack has the message but its answer is out posts no second one', async () => {
    const ticket = await buildTicketAutomation(system, slack);
    const before = slack.server.messages.length;
    slack.proxy.hold();
    await sendWebhook(ticket.webhookUrl, 'inside', { title: 'Printer' });
    await eventually('the message is posted', () =>
      slack.server.messages.length > before && slack.proxy.heldCount > 0 ? true : undefined,
    );
    await system.worker.kill();
    slack.proxy.release();
    await system.worker.start();
    await assertDoneOnce(ticket, before);
  });

  /** Waits until the task is made and the message has been refused at least once. */
  async function stepThatTries({ caller, automationId }: TicketAutomation): Promise<void> {
    const [id = ''] = await startedRuns(system.app, caller, automationId);
    const run = await runThat(system.app, caller, id, 'the message was tried', (shown) =>
      shown.steps.some(({ nodeId, error }) => nodeId === 'tell' && error !== null),
    );
    assert.equal(stepOf(run, 'task').status, 'succeeded');
  }

  async function assertDoneOnce(ticket: TicketAutomation, messagesBefore: number): Promise<void> {
    const [run] = await eventually(
      'the run has ended',
      () => finishedRuns(system.app, ticket.caller, ticket.automationId).catch(() => undefined),
      90_000,
    );
    assert.equal(run?.status, 'succeeded');
    assert.deepEqual(await listTaskTitles(system.app, ticket.caller, ticket.projectId), ['Printer']);
    assert.equal(slack.server.messages.length - messagesBefore, 1);
  }
});
