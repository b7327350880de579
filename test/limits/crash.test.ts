import assert from 'node:assert/strict';
import { buildAutomation, chain } from '../builders/build-automation.js';
import { buildOrganization } from '../builders/build-organization.js';
import { deliverTogether } from '../builders/deliver.js';
import { explain, listRuns, mostAtOnce } from '../builders/limits.js';
import { finishedRun, finishedRuns, startRun } from '../builders/watch-runs.js';
import { type DurableSystem, durableSystem, openDurableSystem } from '../durability/durable-system.js';
import { eventually } from '../eventually.js';
import { buildTaskAutomation } from './limited-automation.js';

describe('a worker that never came', function () {
  this.timeout(120_000);

  it('is said to be missing of the runs that wait for it', async () => {
    const { app, worker } = await openDurableSystem();
    const { caller } = await buildOrganization(app);
    const note = { id: 'note', type: 'set', input: { values: {} } };
    const { id } = await buildAutomation(app, caller, chain({ type: 'manual' }, [note]));
    const runId = await startRun(app, caller, id);
    assert.equal((await explain(app, caller, runId)).code, 'worker_down');
    await worker.start();
    await finishedRun(app, caller, runId);
  });
});

describe('a worker that crashes while runs wait for their turn', function () {
  this.timeout(120_000);
  let system: DurableSystem;
  before(async () => {
    system = await durableSystem();
  });

  it('costs no place: they go on one after the other when it is back', async () => {
    const { app, worker } = system;
    await worker.start();
    const automation = await buildTaskAutomation(app, { concurrency: { max: 1 } });
    const bodies = Array.from({ length: 30 }, (_, index) => ({ title: `${index}` }));
    await deliverTogether(app, automation, bodies);
    for (const count of [3, 10]) {
      await eventually(`${count} runs have ended`, async () => {
        const done = await listRuns(app, automation.caller, automation.id, { status: 'succeeded' });
        return done.length >= count ? true : undefined;
      });
      await worker.kill();
      await worker.start();
    }
    const runs = await eventually(
      'all have ended',
      () => finishedRuns(app, automation.caller, automation.id, 30).catch(() => undefined),
      90_000,
    );
    assert.deepEqual([...new Set(runs.map(({ status }) => status))], ['succeeded']);
    assert.equal(mostAtOnce(runs), 1);
  });
});
