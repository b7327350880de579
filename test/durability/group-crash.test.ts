import assert from 'node:assert/strict';
import { set, type TestNode } from '../automation/nodes.js';
import { twoTasks } from '../automation/two-tasks.js';
import { buildAutomation } from '../builders/build-automation.js';
import { buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { listTaskTitles } from '../builders/list-tasks.js';
import { lockProject } from '../builders/lock-project.js';
import { finishedRun, startedRuns } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { openOwner } from '../owner.js';
import { type DurableSystem, durableSystem } from './durable-system.js';
import { sendWebhook } from './send-webhook.js';

/** As many as are let start together, also beside another organization. */
const groupSize = 15;

describe('a worker that crashes amid a group of runs', function () {
  this.timeout(120_000);
  let system: DurableSystem;
  before(async () => {
    system = await durableSystem();
  });

  it('finishes every run after its restart and repeats no step', () =>
    crash({ between: [set('between', {})], madeBefore: groupSize }));

  it('does so amid steps that one activity carries out', () => crash({ between: [], madeBefore: 1 }));

  /** `madeBefore`: first tasks at least that are there when the worker is killed. */
  async function crash({ between, madeBefore }: { between: TestNode[]; madeBefore: number }) {
    const { app, api, worker } = system;
    await Promise.all([worker.kill(), api.start()]);
    const { caller } = await buildOrganization(app);
    const [first, second] = await Promise.all([buildProject(app, caller), buildProject(app, caller)]);
    const automation = await buildAutomation(app, caller, twoTasks(first.id, between, second.id));
    const titles = Array.from({ length: groupSize }, (_, index) => `order-${index + 100}`);
    for (const title of titles) await sendWebhook(automation.webhookUrl, title, { title });

    const letGo = await lockProject(system.stack, second.id);
    await worker.start();
    await eventually(`${madeBefore} runs have made their first task`, async () =>
      (await listTaskTitles(app, caller, first.id)).length >= madeBefore ? true : undefined,
    );
    assert.deepEqual(await listTaskTitles(app, caller, second.id), []);
    await worker.kill();
    await letGo();
    await worker.start();

    const ids = await startedRuns(app, caller, automation.id, groupSize);
    const runs = await Promise.all(ids.map((id) => finishedRun(app, caller, id)));
    assert.equal(runs.length, groupSize);
    assert.deepEqual([...new Set(runs.map(({ status }) => status))], ['succeeded']);
    assert.deepEqual(await listTaskTitles(app, caller, first.id), titles);
    assert.deepEqual(await listTaskTitles(app, caller, second.id), titles);
    assert.equal(await countWorkflows(automation.id), 1, 'one workflow carried all of them');
  }

  async function countWorkflows(automationId: string): Promise<number> {
    const owner = openOwner(system.stack);
    const rows = await owner`SELECT DISTINCT workflow_id FROM runs WHERE automation_id = ${automationId}`;
    return rows.length;
  }
});
