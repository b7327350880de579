import assert from 'node:assert/strict';
import { z } from 'zod';
import { finishedRun, finishedRuns, startedRuns, stepOf } from '../builders/watch-runs.js';
import { type DurableSystem, durableSystem } from '../durability/durable-system.js';
import { eventually } from '../eventually.js';
import { buildGitHubAutomation } from './github-automation.js';
import { issueOpened, sendGitHubDelivery } from './github-hook.js';

const Accepted = z.object({ deliveryId: z.uuid(), duplicate: z.boolean().optional() });
const Issue = z.object({ issue: z.object({ title: z.string() }) });

describe('a delivery of GitHub, over HTTP', function () {
  this.timeout(120_000);
  let system: DurableSystem;
  before(async () => {
    system = await durableSystem();
    await Promise.all([system.api.start(), system.worker.start()]);
  });

  it('becomes one run, however many copies of it come at once', async () => {
    const automation = await buildGitHubAutomation(system.app);
    const copies = Array.from({ length: 50 }, () =>
      sendGitHubDelivery(automation.hookUrl, { id: 'same-delivery' }),
    );
    const answers = await Promise.all(copies);
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [202]);
    const accepted = answers.map(({ answer }) => Accepted.parse(answer));
    assert.equal(new Set(accepted.map(({ deliveryId }) => deliveryId)).size, 1);
    assert.equal(accepted.filter(({ duplicate }) => duplicate !== true).length, 1);
    const [run] = await finishedRuns(system.app, automation.caller, automation.automationId);
    assert.ok(run);
    const { title } = Issue.parse(JSON.parse(issueOpened)).issue;
    assert.deepEqual(stepOf(run, 'note').output, { inline: { title } });
    assert.equal((await automation.listDeliveries()).length, 1);
  });

  it('is taken in while Temporal is away, and runs when it is back', async () => {
    const automation = await buildGitHubAutomation(system.app);
    await system.stack.temporal.stop();
    const { status } = await sendGitHubDelivery(automation.hookUrl, { id: 'meanwhile' });
    assert.equal(status, 202);
    const [runId = ''] = await startedRuns(system.app, automation.caller, automation.automationId);
    await system.stack.temporal.start();
    const run = await eventually(
      'the run has ended',
      () => finishedRun(system.app, automation.caller, runId).catch(() => undefined),
      90_000,
    );
    assert.equal(run.status, 'succeeded');
    assert.equal((await startedRuns(system.app, automation.caller, automation.automationId)).length, 1);
  });

  it('is refused with a bad signature, and nothing of it is kept', async () => {
    const automation = await buildGitHubAutomation(system.app);
    const forged = [
      { id: 'other-secret', secret: 'guessed' },
      { id: 'other-body', body: issueOpened.replace('"opened"', '"opened" '), signedBody: issueOpened },
    ];
    for (const delivery of forged) {
      assert.equal((await sendGitHubDelivery(automation.hookUrl, delivery)).status, 401);
    }
    assert.deepEqual(await automation.listDeliveries(), []);
  });

  it('is not found at an address that nobody was given, whatever its signature', async () => {
    const automation = await buildGitHubAutomation(system.app);
    const last = automation.hookUrl.at(-1) === '0' ? '1' : '0';
    const guessed = `${automation.hookUrl.slice(0, -1)}${last}`;
    assert.equal((await sendGitHubDelivery(guessed, { id: 'guess' })).status, 404);
    const otherApp = automation.hookUrl.replace('/hooks/github/', '/hooks/slack/');
    assert.equal((await sendGitHubDelivery(otherApp, { id: 'guess' })).status, 404);
    assert.deepEqual(await automation.listDeliveries(), []);
  });

  it('happens again when it is replayed', async () => {
    const automation = await buildGitHubAutomation(system.app);
    const { answer } = await sendGitHubDelivery(automation.hookUrl, { id: 'again' });
    const { deliveryId } = Accepted.parse(answer);
    await finishedRuns(system.app, automation.caller, automation.automationId);
    await system.app.perform(automation.caller, 'deliveries.replay', { id: deliveryId });
    const runs = await eventually('there are two runs', () =>
      finishedRuns(system.app, automation.caller, automation.automationId, 2).catch(() => undefined),
    );
    assert.deepEqual(
      stepOf(runs[1] ?? assert.fail(), 'note').output,
      stepOf(runs[0] ?? assert.fail(), 'note').output,
    );
    const [replayed] = await automation.listDeliveries();
    assert.equal(replayed?.replayOf, deliveryId);
  });
});
