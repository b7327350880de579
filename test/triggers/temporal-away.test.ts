import assert from 'node:assert/strict';
import { ScheduledTime } from '#core/automation/triggers/schedule.js';
import { buildAutomation, chain } from '../builders/build-automation.js';
import { buildOrganization } from '../builders/build-organization.js';
import { openEngineClient, scheduledVersion, unscheduled } from '../builders/schedule-of.js';
import { finishedRun, startedRuns } from '../builders/watch-runs.js';
import { type DurableSystem, durableSystem } from '../durability/durable-system.js';
import { eventually } from '../eventually.js';
import { configurationFor } from '../system.js';

const note = { id: 'note', type: 'set', input: { values: { a: 1 } } };

describe('a schedule, while Temporal is away', function () {
  this.timeout(180_000);
  let system: DurableSystem;
  before(async () => {
    system = await durableSystem();
    await system.worker.start();
  });

  it('is published and paused, fires for what was due meanwhile, and is in step afterwards', async () => {
    const { app, stack } = system;
    const { orgId, caller } = await buildOrganization(app);
    const publish = async (input: object) =>
      (await buildAutomation(app, caller, chain({ type: 'schedule', input }, [note]))).id;
    const paused = await publish({ every: '1h' });
    const client = await openEngineClient(configurationFor(stack));
    await scheduledVersion(client, orgId, paused);

    await stack.temporal.stop();
    const soonMs = Math.ceil(Date.now() / 1_000) * 1_000 + 1_000;
    const at = new Date(soonMs).toISOString().replace('.000', '');
    const [once, hourly] = await Promise.all([publish({ at }), publish({ every: '1h' })]);
    await app.perform(caller, 'automations.pause', { id: paused });
    await eventually('the moment is over', () => (Date.now() > soonMs ? true : undefined));
    await stack.temporal.start();

    const [runId = ''] = await eventually(
      'the moment is made up for',
      () => startedRuns(app, caller, once).catch(() => undefined),
      90_000,
    );
    const run = await eventually(
      'the run has ended',
      () => finishedRun(app, caller, runId).catch(() => undefined),
      60_000,
    );
    assert.equal(ScheduledTime.parse(run.trigger).scheduledAt, new Date(soonMs).toISOString());
    const back = await openEngineClient(configurationFor(stack));
    await scheduledVersion(back, orgId, hourly);
    await unscheduled(back, orgId, paused);
    assert.equal((await startedRuns(app, caller, once)).length, 1);
  });
});
