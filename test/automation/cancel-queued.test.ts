import assert from 'node:assert/strict';
import { buildAutomation } from '../builders/build-automation.js';
import { buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { listTaskTitles } from '../builders/list-tasks.js';
import { finishedRun, startRun } from '../builders/watch-runs.js';
import { durableSystem } from '../durability/durable-system.js';
import { createTask, manual } from './nodes.js';

describe('cancelling a run that no worker has taken up', () => {
  it('leaves it out when a worker comes', async () => {
    const { app, worker } = await durableSystem();
    await worker.kill();
    const { caller } = await buildOrganization(app);
    const project = await buildProject(app, caller);
    const definition = manual([createTask('task', project.id, '{{ trigger.title }}')], 'trigger > task');
    const { id } = await buildAutomation(app, caller, definition);
    const first = await startRun(app, caller, id, { title: 'First' });
    const second = await startRun(app, caller, id, { title: 'Second' });
    await app.perform(caller, 'runs.cancel', { id: first });
    assert.equal((await finishedRun(app, caller, first)).status, 'cancelled');
    await worker.start();
    assert.equal((await finishedRun(app, caller, second)).status, 'succeeded');
    assert.deepEqual(await listTaskTitles(app, caller, project.id), ['Second']);
    assert.equal((await finishedRun(app, caller, first)).status, 'cancelled');
  });
});
