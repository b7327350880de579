import assert from 'node:assert/strict';
import { type App, createApp } from '#app.js';
import { startWorker } from '#workers/worker.js';
import { buildAutomation, chain } from '../builders/build-automation.js';
import { buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { deliverTogether } from '../builders/deliver.js';
import { explain, listRuns, momentMs, mostAtOnce } from '../builders/limits.js';
import { lockProject } from '../builders/lock-project.js';
import { finishedRun, finishedRuns, startRun } from '../builders/watch-runs.js';
import { onTestsEnd } from '../closing.js';
import { eventually } from '../eventually.js';
import { openTestStack } from '../stack.js';
import { configurationFor } from '../system.js';
import { buildTaskAutomation } from './limited-automation.js';

const max = 3;

describe('an organization with as many runs at work as it may', function () {
  this.timeout(90_000);
  let app: App;
  let stack: Awaited<ReturnType<typeof openTestStack>>;
  before(async () => {
    stack = await openTestStack(['postgres', 'temporal']);
    app = await createApp(configurationFor(stack, { ORGANIZATION_MAX_RUNNING_RUNS: String(max) }), 'test');
    onTestsEnd(app.close);
    const worker = await startWorker(app);
    onTestsEnd(async () => {
      worker.stop();
      await worker.finished;
    });
  });

  it('has the others wait in order, says so, and goes on with them', async () => {
    const automation = await buildTaskAutomation(app, {});
    const { caller, id, projectId } = automation;
    const letGo = await lockProject(stack, projectId);
    const bodies = Array.from({ length: 12 }, (_, index) => ({ title: `order ${index}` }));
    const sources = await deliverTogether(app, automation, bodies);
    const waiting = await eventually('the rest waits', async () => {
      const held = await listRuns(app, caller, id, { waitingFor: 'quota' });
      return held.length === 12 - max ? held : undefined;
    });
    const last = waiting.find(({ sourceId }) => sourceId === sources[11]);
    const told = await explain(app, caller, last?.id ?? '');
    assert.equal(told.code, 'quota');
    assert.equal(told.position, 12 - max);
    const late = await startRun(app, caller, id, { body: { title: 'late' } });
    const waited = await app.perform(caller, 'automations.run', {
      id,
      input: { body: { title: 'later' } },
      wait: true,
    });
    await eventually('runs that people start wait behind them', async () =>
      (await explain(app, caller, (waited as { id: string }).id)).position === 12 - max + 2
        ? true
        : undefined,
    );
    await letGo();
    await finishedRuns(app, caller, id, 14);
    const runs = await listRuns(app, caller, id);
    assert.ok(mostAtOnce(runs) <= max, `${mostAtOnce(runs)} at a time`);
    const lateRun = await finishedRun(app, caller, late);
    const before = runs.filter(({ sourceKind }) => sourceKind === 'delivery');
    assert.ok(before.every(({ startedAt }) => momentMs(startedAt) <= momentMs(lateRun.startedAt)));
  });

  it('lets runs start that a run waits for: those that wait are not at work', async () => {
    const { caller } = await buildOrganization(app);
    const project = await buildProject(app, caller);
    const task = {
      id: 'task',
      type: 'action',
      action: 'tasks.create',
      input: { projectId: project.id, title: 'T' },
    };
    const called = await buildAutomation(app, caller, chain({ type: 'manual' }, [task]));
    const nodes = ['one', 'two'].map((id) => ({ id, type: 'subflow', automation: called.id }));
    const calling = await buildAutomation(app, caller, {
      name: 'Calls two',
      trigger: { type: 'manual' },
      nodes,
      edges: nodes.map(({ id }) => ({ source: 'trigger', target: id })),
    });
    for (let count = 0; count < 3 * max; count += 1) await startRun(app, caller, calling.id);
    const runs = await finishedRuns(app, caller, calling.id, 3 * max);
    assert.deepEqual([...new Set(runs.map(({ status }) => status))], ['succeeded']);
    assert.equal((await listRuns(app, caller, called.id)).length, 6 * max);
  });

  it('takes no place from another organization', async () => {
    const full = await buildTaskAutomation(app, {});
    const other = await buildTaskAutomation(app, {});
    const letGo = await lockProject(stack, full.projectId);
    await deliverTogether(
      app,
      full,
      Array.from({ length: 2 * max }, () => ({ title: 'T' })),
    );
    await eventually('some wait', async () =>
      (await listRuns(app, full.caller, full.id, { waitingFor: 'quota' })).length === max ? true : undefined,
    );
    await finishedRun(
      app,
      other.caller,
      await startRun(app, other.caller, other.id, { body: { title: 'T' } }),
    );
    await letGo();
    await finishedRuns(app, full.caller, full.id, 2 * max);
  });
});
