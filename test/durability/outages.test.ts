import assert from 'node:assert/strict';
import type { StackService } from '#stack/stack.js';
import { buildAutomation, chain } from '../builders/build-automation.js';
import { buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { listTaskTitles } from '../builders/list-tasks.js';
import { finishedRun, startedRuns } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { type DurableSystem, durableSystem } from './durable-system.js';
import { sendUntilAccepted } from './send-webhook.js';

const deliveryCount = 120;
const senders = 4;

describe('an outage amid a stream of deliveries', function () {
  this.timeout(120_000);
  let system: DurableSystem;
  before(async () => {
    system = await durableSystem();
  });
  beforeEach(() => Promise.all([system.api.start(), system.worker.start()]));

  it('of PostgreSQL loses no delivery and doubles none', async () => {
    await assertEachRunsOnce(async () => {
      await system.stack.postgres.stop();
      await system.stack.postgres.start();
    });
  });

  it('of PostgreSQL by a crash loses no delivery and doubles none', async () => {
    await assertEachRunsOnce(() => crash(system.stack.postgres));
  });

  it('of Temporal by a crash loses no delivery and doubles none', async () => {
    await assertEachRunsOnce(() => crash(system.stack.temporal));
  });

  async function crash(service: StackService): Promise<void> {
    await service.kill();
    await service.start();
  }

  async function assertEachRunsOnce(outage: () => Promise<void>): Promise<void> {
    const { app } = system;
    const { caller } = await buildOrganization(app);
    const project = await buildProject(app, caller);
    const task = {
      id: 'task',
      type: 'action',
      action: 'tasks.create',
      input: { projectId: project.id, title: '{{ trigger.body.title }}' },
    };
    const automation = await buildAutomation(app, caller, chain({ type: 'webhook' }, [task]));
    const titles = Array.from({ length: deliveryCount }, (_, index) => `order-${index + 1000}`);

    const waiting = [...titles];
    const send = async () => {
      for (let title = waiting.shift(); title !== undefined; title = waiting.shift()) {
        await sendUntilAccepted(automation.webhookUrl, title, { title });
      }
    };
    const sending = Promise.all(Array.from({ length: senders }, send));
    await eventually('a third of them is sent', () =>
      waiting.length < (deliveryCount * 2) / 3 ? true : undefined,
    );
    await outage();
    await sending;
    const ids = await eventually('every delivery has its run', () =>
      startedRuns(app, caller, automation.id, deliveryCount).catch(() => undefined),
    );
    const runs = await Promise.all(ids.map((id) => finishedRun(app, caller, id)));
    assert.equal(runs.length, deliveryCount);
    assert.deepEqual([...new Set(runs.map(({ status }) => status))], ['succeeded']);
    assert.deepEqual(await listTaskTitles(app, caller, project.id), titles);
    assert.ok(system.api.isRunning && system.worker.isRunning, 'API and worker have outlived the outage');
  }
});
