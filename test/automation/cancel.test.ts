import assert from 'node:assert/strict';
import type postgres from 'postgres';
import { assertRefused } from '../builders/assert-refused.js';
import { buildAutomation } from '../builders/build-automation.js';
import { buildSlackConnection } from '../builders/build-connection.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { deliverTogether } from '../builders/deliver.js';
import { finishedRun, runThat, startRun, stepOf } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { openOwner } from '../owner.js';
import { openTestSlack, type TestSlack } from '../slack.js';
import { type TestSystem, workingSystem } from '../system.js';
import { edges, manual, postMessage, set } from './nodes.js';

describe('cancelling', () => {
  let system: TestSystem;
  let slack: TestSlack;
  let owner: postgres.Sql;
  let organization: BuiltOrganization;
  let connection: string;
  before(async () => {
    [system, slack] = await Promise.all([workingSystem(), openTestSlack()]);
    owner = openOwner(system.stack);
    organization = await buildOrganization(system.app);
    connection = (await buildSlackConnection(system.app, organization.caller, slack.apiUrl)).id;
  });
  afterEach(() => slack.proxy.release());

  const cancel = (id: string) => system.app.perform(organization.caller, 'runs.cancel', { id });

  it('ends a run that waits, and what would follow never happens', async () => {
    const { app } = system;
    const definition = manual(
      [{ id: 'pause', type: 'wait', input: { duration: '1h' } }, set('after', {})],
      'trigger > pause',
      'pause > after',
    );
    const { id } = await buildAutomation(app, organization.caller, definition);
    const runId = await startRun(app, organization.caller, id);
    await runThat(app, organization.caller, runId, 'the run waits', ({ status }) => status === 'waiting');
    await cancel(runId);
    const run = await finishedRun(app, organization.caller, runId);
    assert.equal(run.status, 'cancelled');
    assert.equal(stepOf(run, 'pause').status, 'cancelled');
    assert.equal(stepOf(run, 'after').status, 'skipped');
    await assertRefused(cancel(runId), 'conflict');
  });

  it('ends a run in the middle of a call to the outside', async () => {
    const { app } = system;
    const definition = manual(
      [postMessage('tell', connection, 'Hi'), set('after', {})],
      'trigger > tell',
      'tell > after',
    );
    const { id } = await buildAutomation(app, organization.caller, definition);
    slack.proxy.hold();
    const runId = await startRun(app, organization.caller, id);
    await eventually('the call is out', () => (slack.proxy.heldCount > 0 ? true : undefined));
    await cancel(runId);
    const run = await finishedRun(app, organization.caller, runId);
    assert.equal(run.status, 'cancelled');
    assert.equal(stepOf(run, 'after').status, 'skipped');
  });

  it('ends one run of a group, and the others go on', async () => {
    const { app } = system;
    const { caller, orgId } = organization;
    const [open, locked] = [await buildProject(app, caller), await buildProject(app, caller)];
    const create = (id: string) => ({
      id,
      type: 'action',
      action: 'tasks.create',
      input: { projectId: '{{ trigger.body.projectId }}', title: id },
    });
    const { id, webhookUrl } = await buildAutomation(app, caller, {
      name: 'Group',
      trigger: { type: 'webhook' },
      nodes: [create('first'), set('between', {}), create('second')],
      edges: edges('trigger > first', 'first > between', 'between > second'),
    });
    const holder = await owner.reserve();
    await holder`BEGIN`;
    await holder`SELECT FROM projects WHERE id = ${locked.id} FOR UPDATE`;
    const bodies = [open, locked, open].map((project) => ({ projectId: project.id }));
    await deliverTogether(app, { orgId, webhookUrl }, bodies);
    const rows = await eventually('there are three runs', async () => {
      const found = await owner<{ id: string; projectId: string }[]>`
        SELECT runs.id, payload->'body'->>'projectId' AS "projectId"
        FROM runs JOIN deliveries ON deliveries.id = runs.source_id WHERE automation_id = ${id}`;
      return found.length === 3 ? found : undefined;
    });
    const others = rows.filter(({ projectId }) => projectId === open.id).map((row) => row.id);
    const held = rows.find(({ projectId }) => projectId === locked.id)?.id ?? '';
    const workflows = await owner`SELECT DISTINCT workflow_id FROM runs WHERE automation_id = ${id}`;
    assert.equal(workflows.length, 1, 'they are one group');
    await runThat(app, caller, others[0] ?? '', 'a run has begun', ({ status }) => status === 'running');
    await cancel(held);
    assert.equal((await finishedRun(app, caller, held)).status, 'cancelled');
    for (const runId of others) {
      const run = await finishedRun(app, caller, runId);
      assert.equal(run.status, 'succeeded');
      assert.equal(stepOf(run, 'second').status, 'succeeded');
    }
    await holder`ROLLBACK`;
    holder.release();
  });

  it('is refused for a run that has ended', async () => {
    const { id } = await buildAutomation(
      system.app,
      organization.caller,
      manual([set('a', {})], 'trigger > a'),
    );
    const runId = await startRun(system.app, organization.caller, id);
    await finishedRun(system.app, organization.caller, runId);
    await assertRefused(cancel(runId), 'conflict');
  });
});
