import assert from 'node:assert/strict';
import { count, eq } from 'drizzle-orm';
import { z } from 'zod';
import { waits } from '#db/schema/index.js';
import { edges } from '../automation/nodes.js';
import { buildAutomation } from '../builders/build-automation.js';
import { buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { finishedRun, startRun, stepOf } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { type DurableSystem, durableSystem } from './durable-system.js';

const Task = z.object({ id: z.uuid() });

describe('a worker that crashes while passes wait side by side', function () {
  this.timeout(180_000);
  let system: DurableSystem;
  before(async () => {
    system = await durableSystem();
    await Promise.all([system.api.start(), system.worker.start()]);
  });

  it('gives each pass its own answer, whatever order they come in', async () => {
    const { app, worker } = system;
    const { orgId, caller } = await buildOrganization(app);
    const project = await buildProject(app, caller);
    const titles = Array.from({ length: 6 }, (_, index) => `Watched ${index}`);
    const ids: string[] = [];
    for (const title of titles) {
      const made = await app.perform(caller, 'tasks.create', { projectId: project.id, title });
      ids.push(Task.parse(made).id);
    }
    const { id } = await buildAutomation(app, caller, {
      name: 'Watch',
      trigger: { type: 'manual' },
      nodes: [
        {
          id: 'each',
          type: 'loop',
          input: { items: '{{ trigger.ids }}', result: '{{ steps.note.output.title }}' },
          concurrency: 6,
        },
        {
          id: 'begin',
          type: 'action',
          action: 'tasks.create',
          input: { projectId: project.id, title: 'Begun {{ index }}' },
        },
        { id: 'heard', type: 'wait', input: { event: 'task.updated', match: { id: '{{ item }}' } } },
        {
          id: 'note',
          type: 'action',
          action: 'tasks.create',
          input: { projectId: project.id, title: 'Heard {{ steps.heard.output.payload.title }}' },
        },
      ],
      edges: edges('trigger > each', 'each.body > begin', 'begin > heard', 'heard > note'),
    });
    const runId = await startRun(app, caller, id, { ids });
    await eventually('all wait', async () => {
      const [row] = await app.services.database.withOrg(orgId, (transaction) =>
        transaction.select({ open: count() }).from(waits).where(eq(waits.runId, runId)),
      );
      return row?.open === ids.length ? true : undefined;
    });
    const change = (index: number) =>
      app.perform(caller, 'tasks.update', { id: ids[index], title: `Changed ${index}` });
    await Promise.all([change(4), change(1)]);
    await worker.kill();
    await Promise.all([change(5), change(0)]);
    await worker.start();
    await Promise.all([change(2), change(3)]);
    await worker.kill();
    await worker.start();
    const run = await finishedRun(app, caller, runId);
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    const { output } = stepOf(run, 'each');
    assert.ok(output && 'inline' in output);
    const { results } = z.object({ results: z.array(z.string()) }).parse(output.inline);
    assert.deepEqual(
      results,
      ids.map((_, index) => `Heard Changed ${index}`),
    );
  });
});
