import assert from 'node:assert/strict';
import { z } from 'zod';
import { manual, postMessage, set } from '../automation/nodes.js';
import { buildAutomation } from '../builders/build-automation.js';
import { buildSlackConnection } from '../builders/build-connection.js';
import { buildOrganization } from '../builders/build-organization.js';
import { finishedRun, startRun, stepOf } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { openTestSlack } from '../slack.js';
import { openDurableSystem } from './durable-system.js';

const Approvals = z.object({ items: z.array(z.object({ id: z.uuid() })) });

describe('a worker that crashes while workflows go on as new ones', function () {
  this.timeout(180_000);

  it('loses and repeats nothing, whatever it was at', async () => {
    const [system, slack] = await Promise.all([
      openDurableSystem({ RUN_HISTORY_LIMIT: '12' }),
      openTestSlack(),
    ]);
    const { app, api, worker } = system;
    await Promise.all([api.start(), worker.start()]);
    const { caller } = await buildOrganization(app);
    const connection = (await buildSlackConnection(app, caller, slack.apiUrl)).id;
    const definition = manual(
      [
        {
          id: 'ask',
          type: 'approval',
          input: { title: 'Go on?' },
          approvers: { roles: ['owner'] },
        },
        set('yes', { decision: '{{ steps.ask.output.decision }}' }),
        { id: 'poll', type: 'while', input: { condition: '{{ index < 10 }}' } },
        postMessage('tell', connection, 'Round {{ index }}'),
        { id: 'rest', type: 'wait', input: { duration: '3s' } },
        set('rested', {}),
      ],
      'trigger > ask',
      'ask.approved > yes',
      'trigger > poll',
      'poll.body > tell',
      'trigger > rest',
      'rest > rested',
    );
    const { id } = await buildAutomation(app, caller, definition);
    const runId = await startRun(app, caller, id);
    const told = () => slack.server.messages.map(({ text }) => text);
    for (const count of [2, 6]) {
      await eventually(
        `${count} rounds were made`,
        () => (told().length >= count ? true : undefined),
        60_000,
      );
      await worker.kill();
      await worker.start();
    }
    const { items } = Approvals.parse(await app.perform(caller, 'approvals.list', { runId }));
    assert.equal(items.length, 1);
    await app.perform(caller, 'approvals.decide', { id: items[0]?.id, decision: 'approved' });
    await worker.kill();
    await worker.start();
    const run = await eventually(
      'the run has ended',
      () => finishedRun(app, caller, runId).catch(() => undefined),
      90_000,
    );
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    assert.deepEqual(stepOf(run, 'yes').output, { inline: { decision: 'approved' } });
    assert.equal(stepOf(run, 'rested').status, 'succeeded');
    assert.deepEqual(
      told(),
      Array.from({ length: 10 }, (_, index) => `Round ${index}`),
    );
  });
});
