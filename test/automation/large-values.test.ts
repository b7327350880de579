import assert from 'node:assert/strict';
import { maxInlineSize } from '#core/automation/packed-value.js';
import type { ShownRun } from '../builders/build-automation.js';
import { buildAutomation } from '../builders/build-automation.js';
import { buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { buildTask } from '../builders/build-task.js';
import { deliver } from '../builders/deliver.js';
import { finishedRuns, stepOf } from '../builders/watch-runs.js';
import { type TestSystem, workingSystem } from '../system.js';
import { edges, set } from './nodes.js';

/** About 40 KB, with characters of two and three bytes. */
const story = 'Größe und 長さ. '.repeat(2_000);

describe('values over 16 KB', () => {
  let system: TestSystem;
  before(async () => {
    system = await workingSystem();
  });

  it('go through trigger, computed values, an action and back, whole', async () => {
    const { app } = system;
    const { orgId, caller } = await buildOrganization(app);
    const project = await buildProject(app, caller);
    const { id, webhookUrl } = await buildAutomation(app, caller, {
      name: 'Stories',
      trigger: { type: 'webhook' },
      nodes: [
        set('copy', {
          text: '{{ trigger.body.text }}',
          twice: '{{ trigger.body.text }}{{ trigger.body.text }}',
        }),
        {
          id: 'task',
          type: 'action',
          action: 'tasks.create',
          input: { projectId: project.id, title: 'Story', description: '{{ steps.copy.output.text }}' },
        },
        set('back', { text: '{{ steps.task.output.description }}' }),
        set('sizes', {
          copy: '{{ steps.copy.output.twice.size() }}',
          back: '{{ steps.back.output.text.size() }}',
          same: '{{ steps.back.output.text == trigger.body.text }}',
        }),
        { id: 'is_long', type: 'if', input: { condition: '{{ steps.back.output.text.size() > 100 }}' } },
        { id: 'end', type: 'stop', input: { output: '{{ steps.back.output }}' } },
      ],
      edges: edges(
        'trigger > copy',
        'copy > task',
        'task > back',
        'back > sizes',
        'sizes > is_long',
        'is_long.true > end',
      ),
    });
    await deliver(app, { orgId, webhookUrl }, { text: story });
    const [run] = await finishedRuns(app, caller, id);
    assert.ok(run);
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    assert.deepEqual(stepOf(run, 'sizes').output, {
      inline: { copy: story.length * 2, back: story.length, same: true },
    });
    for (const nodeId of ['copy', 'task', 'back', 'end']) {
      assert.ok(Buffer.byteLength(JSON.stringify(await readOutput(orgId, run, nodeId))) > maxInlineSize);
    }
    assert.deepEqual(await readOutput(orgId, run, 'back'), { text: story });
  });

  it('come from events too', async () => {
    const { app } = system;
    const { orgId, caller } = await buildOrganization(app);
    const { id } = await buildAutomation(app, caller, {
      name: 'Listen',
      trigger: { type: 'event', input: { event: 'task.created' } },
      nodes: [set('copy', { text: '{{ trigger.description }}' })],
      edges: edges('trigger > copy'),
    });
    await buildTask(app, caller, { description: story });
    const [run] = await finishedRuns(app, caller, id);
    assert.ok(run);
    assert.deepEqual(await readOutput(orgId, run, 'copy'), { text: story });
  });

  async function readOutput(orgId: string, run: ShownRun, nodeId: string): Promise<unknown> {
    const { output } = stepOf(run, nodeId);
    assert.ok(output && 'ref' in output, `${nodeId} is kept by reference`);
    const content = Buffer.from(await system.app.services.files(orgId).get(output.ref));
    assert.equal(content.length, output.size);
    return JSON.parse(content.toString());
  }
});
