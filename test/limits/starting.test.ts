import assert from 'node:assert/strict';
import { createApp } from '#app.js';
import { startWorker } from '#workers/worker.js';
import { set } from '../automation/nodes.js';
import { twoTasks } from '../automation/two-tasks.js';
import { buildAutomation } from '../builders/build-automation.js';
import { buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { deliverTogether } from '../builders/deliver.js';
import { listTaskTitles } from '../builders/list-tasks.js';
import { lockProject } from '../builders/lock-project.js';
import { finishedRuns } from '../builders/watch-runs.js';
import { onTestsEnd } from '../closing.js';
import { eventually } from '../eventually.js';
import { openTestStack } from '../stack.js';
import { configurationFor } from '../system.js';

const amount = 8;

describe('an organization with as many runs about to begin as it may', function () {
  this.timeout(60_000);

  it('has the next begin when those have, and not only when one of them ends', async () => {
    const stack = await openTestStack(['postgres', 'temporal']);
    const app = await createApp(configurationFor(stack, { ORGANIZATION_MAX_STARTING_RUNS: '2' }), 'test');
    onTestsEnd(app.close);
    const worker = await startWorker(app);
    onTestsEnd(async () => {
      worker.stop();
      await worker.finished;
    });
    const { orgId, caller } = await buildOrganization(app);
    const [first, second] = await Promise.all([buildProject(app, caller), buildProject(app, caller)]);
    const definition = twoTasks(first.id, [set('between', {})], second.id);
    const automation = { orgId, caller, ...(await buildAutomation(app, caller, definition)) };

    const letGo = await lockProject(stack, second.id);
    const bodies = Array.from({ length: amount }, (_, index) => ({ title: `order ${index}` }));
    await deliverTogether(app, automation, bodies);
    // In looks of five seconds, two at a time, it would take fifteen.
    await eventually(
      'all have made their first task',
      async () => ((await listTaskTitles(app, caller, first.id)).length === amount ? true : undefined),
      12_000,
    );
    assert.deepEqual(await listTaskTitles(app, caller, second.id), []);
    await letGo();
    await finishedRuns(app, caller, automation.id, amount);
  });
});
