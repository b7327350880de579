import assert from 'node:assert/strict';
import { z } from 'zod';
import { createTask, manual } from '../automation/nodes.js';
import { buildAutomation } from '../builders/build-automation.js';
import { buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { listTaskTitles } from '../builders/list-tasks.js';
import { finishedRun, startRun, stepOf } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { type DurableSystem, durableSystem } from './durable-system.js';

const Runs = z.object({ items: z.array(z.object({ status: z.string() })) });

describe('a worker that crashes while a run waits for one subflow after the other', function () {
  this.timeout(120_000);
  let system: DurableSystem;
  before(async () => {
    system = await durableSystem();
    await system.worker.start();
  });

  it('starts each of them once, and every one is heard of', async () => {
    const { app } = system;
    const { caller } = await buildOrganization(app);
    const project = await buildProject(app, caller);
    const child = await buildAutomation(
      app,
      caller,
      manual(
        [
          createTask('task', project.id, '{{ trigger.title }}'),
          { id: 'rest', type: 'wait', input: { duration: '300ms' } },
          { id: 'end', type: 'stop', input: { output: '{{ steps.task.output.title }}' } },
        ],
        'trigger > task',
        'task > rest',
        'rest > end',
      ),
    );
    const each = {
      id: 'each',
      type: 'loop',
      input: { items: '{{ trigger.titles }}', result: '{{ steps.call.output }}' },
      concurrency: 5,
    };
    const call = { id: 'call', type: 'subflow', automation: child.id, input: { title: '{{ item }}' } };
    const definition = manual([each, call], 'trigger > each', 'each.body > call');
    const { id } = await buildAutomation(app, caller, definition);
    const titles = Array.from({ length: 20 }, (_, index) => `Task ${String(index).padStart(2, '0')}`);
    const runId = await startRun(app, caller, id, { titles });

    for (const count of [3, 11]) {
      await eventually(`${count} subflows have begun`, async () => {
        const asked = { parentRunId: runId, limit: 200 };
        const { items } = Runs.parse(await app.perform(caller, 'runs.list', asked));
        return items.length >= count ? true : undefined;
      });
      await system.worker.kill();
      await system.worker.start();
    }
    const run = await eventually(
      'the run has ended',
      () => finishedRun(app, caller, runId).catch(() => undefined),
      90_000,
    );
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    const output = stepOf(run, 'each').output;
    assert.ok(output && 'inline' in output);
    assert.deepEqual(z.object({ results: z.array(z.string()) }).parse(output.inline).results, titles);
    assert.deepEqual((await listTaskTitles(app, caller, project.id)).sort(), titles);
  });
});
