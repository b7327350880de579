import assert from 'node:assert/strict';
import { buildAutomation, hookKeyOf } from './builders/build-automation.js';
import { buildOrganization } from './builders/build-organization.js';
import { buildProject } from './builders/build-project.js';
import { finishedRuns } from './builders/watch-runs.js';
import { type TestSystem, workingSystem } from './system.js';

describe('a run', () => {
  let system: TestSystem;
  before(async () => {
    system = await workingSystem();
  });

  it('goes from a webhook through a condition and a task to its end', async () => {
    const { app } = system;
    const { orgId, caller } = await buildOrganization(app);
    const project = await buildProject(app, caller);
    const automation = await buildAutomation(app, caller, {
      name: 'Triage',
      trigger: { type: 'webhook' },
      nodes: [
        { id: 'is_bug', type: 'if', input: { condition: "{{ trigger.query.kind == 'bug' }}" } },
        {
          id: 'task',
          type: 'action',
          action: 'tasks.create',
          input: { projectId: project.id, title: 'Bug: {{ trigger.query.title }}' },
        },
        { id: 'note', type: 'set', input: { values: { title: '{{ steps.task.output.title }}' } } },
        { id: 'ignored', type: 'set', input: { values: { nothing: true } } },
      ],
      edges: [
        { source: 'trigger', target: 'is_bug' },
        { source: 'is_bug', sourceHandle: 'true', target: 'task' },
        { source: 'is_bug', sourceHandle: 'false', target: 'ignored' },
        { source: 'task', target: 'note' },
      ],
    });
    await app.intake.accept({
      orgId,
      provider: 'webhook',
      hookKey: hookKeyOf(automation.webhookUrl),
      externalId: 'delivery-1',
      triggers: ['webhook'],
      payload: { method: 'POST', headers: {}, query: { kind: 'bug', title: 'Broken' }, body: {} },
    });
    const [run] = await finishedRuns(app, caller, automation.id);
    assert.ok(run);
    assert.equal(run.status, 'succeeded');
    assert.deepEqual(
      run.steps.map(({ nodeId, status }) => [nodeId, status]),
      [
        ['is_bug', 'succeeded'],
        ['task', 'succeeded'],
        ['ignored', 'skipped'],
        ['note', 'succeeded'],
      ],
    );
    assert.deepEqual(run.steps.find(({ nodeId }) => nodeId === 'note')?.output, {
      inline: { title: 'Bug: Broken' },
    });
  });
});
