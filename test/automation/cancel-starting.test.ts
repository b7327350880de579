import assert from 'node:assert/strict';
import { Connection } from '@temporalio/client';
import { and, eq } from 'drizzle-orm';
import { countPlanParts } from '#core/automation/plan-parts.js';
import type { RunGroup, RunStart } from '#core/automation/run.js';
import { automationVersions } from '#db/schema/index.js';
import { createTemporalClient } from '#runtime/engine/temporal-engine.js';
import { runWorkflowId } from '#runtime/runs/workflow-id.js';
import { buildAutomation } from '../builders/build-automation.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { listTaskTitles } from '../builders/list-tasks.js';
import { finishedRun, runThat, startRun } from '../builders/watch-runs.js';
import { type DurableSystem, durableSystem } from '../durability/durable-system.js';
import { createTask, manual } from './nodes.js';

describe('cancelling a run whose workflow is just being started', () => {
  let system: DurableSystem;
  let organization: BuiltOrganization;
  let projectId: string;
  beforeEach(async () => {
    system = await durableSystem();
    await system.worker.kill();
    organization = await buildOrganization(system.app);
    projectId = (await buildProject(system.app, organization.caller)).id;
  });

  it('keeps its steps from happening', async () => {
    await assertNothingHappens('inline');
  });

  it('keeps its steps from happening, also where the plan is loaded first', async () => {
    await assertNothingHappens('loaded');
  });

  /** Start and cancellation reach the workflow together: no worker was there to take them one by one. */
  async function assertNothingHappens(planIs: 'inline' | 'loaded'): Promise<void> {
    const { app, worker } = system;
    const { caller, orgId } = organization;
    const definition = manual([createTask('task', projectId, 'T')], 'trigger > task');
    const { id } = await buildAutomation(app, caller, definition);
    const runId = await startRun(app, caller, id);
    const workflow = await startWorkflow(id, runId, planIs);
    const cancelling = app.perform(caller, 'runs.cancel', { id: runId });
    await runThat(app, caller, runId, 'the run is marked', ({ status }) => status === 'cancelled');
    await worker.start();
    await cancelling;
    await workflow.ended();
    assert.deepEqual(await listTaskTitles(app, caller, projectId), []);
    assert.equal((await finishedRun(app, caller, runId)).status, 'cancelled');
    assert.equal(workflow.id, runWorkflowId(orgId, runId));
  }

  async function startWorkflow(automationId: string, runId: string, planIs: 'inline' | 'loaded') {
    const { configuration, database } = system.app.services;
    const { orgId } = organization;
    const [version] = await database.withOrg(orgId, (transaction) =>
      transaction
        .select()
        .from(automationVersions)
        .where(and(eq(automationVersions.automationId, automationId), eq(automationVersions.version, 1))),
    );
    assert.ok(version);
    const { grantId, plan } = version;
    const group: RunGroup = {
      orgId,
      automationId,
      version: 1,
      grantId,
      plan: planIs === 'inline' ? plan : { parts: countPlanParts(plan) },
    };
    const start: RunStart = { runId, depth: 0, trigger: { inline: {} } };
    const connection = await Connection.connect({ address: configuration.TEMPORAL_ADDRESS });
    const client = createTemporalClient(configuration, connection);
    const id = runWorkflowId(orgId, runId);
    const handle = await client.workflow.start('automation', {
      taskQueue: configuration.TEMPORAL_TASK_QUEUE,
      workflowId: id,
      args: [group, start],
    });
    const ended = async () => {
      await handle.result();
      await connection.close();
    };
    return { id, ended };
  }
});
