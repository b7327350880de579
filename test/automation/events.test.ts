import assert from 'node:assert/strict';
import { buildAutomation } from '../builders/build-automation.js';
import { buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { buildTask } from '../builders/build-task.js';
import { listTaskTitles } from '../builders/list-tasks.js';
import { finishedRun, finishedRuns, startedRuns, stepOf } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { openOwner } from '../owner.js';
import { type TestSystem, workingSystem } from '../system.js';
import { createTask, edges, set } from './nodes.js';

describe('an automation that listens to an event', () => {
  let system: TestSystem;
  before(async () => {
    system = await workingSystem();
  });

  it('is started by what people do, and by another automation', async () => {
    const { app } = system;
    const { caller } = await buildOrganization(app);
    const [inbox, archive] = await Promise.all([buildProject(app, caller), buildProject(app, caller)]);
    const copier = await buildAutomation(app, caller, {
      ...onTaskCreated(`{{ trigger.projectId == '${inbox.id}' }}`),
      nodes: [createTask('copy', archive.id, 'Copy of {{ trigger.title }}')],
      edges: edges('trigger > copy'),
    });
    const watcher = await buildAutomation(app, caller, {
      ...onTaskCreated(`{{ trigger.projectId == '${archive.id}' }}`),
      nodes: [set('seen', { title: '{{ trigger.title }}' })],
      edges: edges('trigger > seen'),
    });
    await buildTask(app, caller, { projectId: inbox.id, title: 'Letter' });
    const [copied] = await finishedRuns(app, caller, copier.id);
    assert.equal(copied?.status, 'succeeded');
    const [seen] = await finishedRuns(app, caller, watcher.id);
    assert.ok(seen);
    assert.deepEqual(stepOf(seen, 'seen').output, { inline: { title: 'Copy of Letter' } });
  });

  it('hears only of its own organization', async () => {
    const { app } = system;
    const [own, other] = await Promise.all([buildOrganization(app), buildOrganization(app)]);
    const listening = { ...onTaskCreated(), nodes: [set('seen', {})], edges: edges('trigger > seen') };
    const { id } = await buildAutomation(app, own.caller, listening);
    await buildTask(app, other.caller);
    await buildTask(app, own.caller, { title: 'Own' });
    const runs = await finishedRuns(app, own.caller, id);
    assert.equal(runs.length, 1);
  });

  it('does not go round for ever: a chain ends after ten automations', async () => {
    const { app } = system;
    const { caller } = await buildOrganization(app);
    const project = await buildProject(app, caller);
    const { id } = await buildAutomation(app, caller, {
      ...onTaskCreated(),
      nodes: [createTask('again', project.id, '{{ trigger.title }}+')],
      edges: edges('trigger > again'),
    });
    await buildTask(app, caller, { projectId: project.id, title: 'T' });
    const ids = await startedRuns(app, caller, id, 10);
    for (const runId of ids) assert.equal((await finishedRun(app, caller, runId)).status, 'succeeded');
    await nothingIsQueued();
    assert.equal((await startedRuns(app, caller, id, 10)).length, 10);
    assert.equal((await listTaskTitles(app, caller, project.id)).length, 11);
  });

  it('can be told of a failed run', async () => {
    const { app } = system;
    const { caller } = await buildOrganization(app);
    const { id } = await buildAutomation(app, caller, {
      name: 'On failure',
      trigger: { type: 'event', input: { event: 'run.failed' } },
      nodes: [set('seen', { code: '{{ trigger.error.code }}', run: '{{ trigger.runId }}' })],
      edges: edges('trigger > seen'),
    });
    const failing = await buildAutomation(app, caller, {
      ...onTaskCreated(),
      nodes: [{ id: 'end', type: 'stop', input: { status: 'failed', message: 'No' } }],
      edges: edges('trigger > end'),
    });
    await buildTask(app, caller);
    const [failed] = await finishedRuns(app, caller, failing.id);
    const [told] = await finishedRuns(app, caller, id);
    assert.ok(failed && told);
    assert.deepEqual(stepOf(told, 'seen').output, { inline: { code: 'conflict', run: failed.id } });
  });

  /** Waits until the dispatcher has looked at everything that was due. */
  async function nothingIsQueued(): Promise<void> {
    const owner = openOwner(system.stack);
    await eventually('the queue is empty', async () => {
      const due = await owner`SELECT FROM dispatch_queue WHERE kind <> 'run' AND available_at <= now()`;
      return due.length === 0 ? true : undefined;
    });
  }
});

function onTaskCreated(where?: string) {
  const trigger = { type: 'event', input: { event: 'task.created' }, ...(where !== undefined && { where }) };
  return { name: 'Listen', trigger };
}
