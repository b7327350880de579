import assert from 'node:assert/strict';
import { buildAutomation } from '../builders/build-automation.js';
import { buildSlackConnection } from '../builders/build-connection.js';
import { buildOrganization } from '../builders/build-organization.js';
import { finishedRun, startRun, stepStatuses } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { openTestSlack } from '../slack.js';
import { workingSystem } from '../system.js';
import { manual, postMessage } from './nodes.js';

describe('branches side by side', () => {
  it('have their calls out at the same time', async () => {
    const [{ app }, slack] = await Promise.all([workingSystem(), openTestSlack()]);
    const { caller } = await buildOrganization(app);
    const { id: connection } = await buildSlackConnection(app, caller, slack.apiUrl);
    const { id } = await buildAutomation(
      app,
      caller,
      manual(
        [postMessage('left', connection, 'Left'), postMessage('right', connection, 'Right')],
        'trigger > left',
        'trigger > right',
      ),
    );
    slack.proxy.hold();
    const runId = await startRun(app, caller, id);
    await eventually('both calls wait for their answers', () =>
      slack.proxy.heldCount === 2 ? true : undefined,
    );
    slack.proxy.release();
    const run = await finishedRun(app, caller, runId);
    assert.deepEqual(stepStatuses(run), { left: 'succeeded', right: 'succeeded' });
    assert.deepEqual(slack.server.messages.map(({ text }) => text).sort(), ['Left', 'Right']);
  });
});
