import assert from 'node:assert/strict';
import { Connection } from '@temporalio/client';
import { eq } from 'drizzle-orm';
import type postgres from 'postgres';
import { z } from 'zod';
import { runs } from '#db/schema/index.js';
import { createTemporalClient } from '#runtime/engine/temporal-engine.js';
import { writeProgress } from '#runtime/runs/write-progress.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildAutomation } from '../builders/build-automation.js';
import { buildSlackConnection } from '../builders/build-connection.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { deliverTogether } from '../builders/deliver.js';
import { finishedRun, runThat, startedRuns, startRun, stepOf } from '../builders/watch-runs.js';
import { onTestsEnd } from '../closing.js';
import { eventually } from '../eventually.js';
import { openOwner } from '../owner.js';
import { openTestSlack, type TestSlack } from '../slack.js';
import { type TestSystem, workingSystem } from '../system.js';
import { createTask, edges, manual, postMessage, set, type TestNode } from './nodes.js';

const Approvals = z.object({ items: z.array(z.object({ id: z.uuid(), status: z.string() })) });
const Runs = z.object({ items: z.array(z.object({ id: z.uuid(), status: z.string() })) });

describe('terminating', () => {
  let system: TestSystem;
  let owner: postgres.Sql;
  let slack: TestSlack;
  let organization: BuiltOrganization;
  let connection: string;
  let temporal: ReturnType<typeof createTemporalClient>;
  before(async () => {
    [system, slack] = await Promise.all([workingSystem(), openTestSlack()]);
    owner = openOwner(system.stack);
    organization = await buildOrganization(system.app);
    connection = (await buildSlackConnection(system.app, organization.caller, slack.apiUrl)).id;
    const engine = await Connection.connect({ address: system.configuration.TEMPORAL_ADDRESS });
    onTestsEnd(() => engine.close());
    temporal = createTemporalClient(system.configuration, engine);
  });
  afterEach(() => slack.proxy.release());

  const perform = (name: string, input: object, caller = organization.caller) =>
    system.app.perform(caller, name, input);
  const terminate = (id: string) => perform('runs.terminate', { id });
  const ask: TestNode = {
    id: 'ask',
    type: 'approval',
    input: { title: 'Go on?' },
    approvers: { roles: ['owner'] },
  };

  async function start(nodes: readonly TestNode[], ...ways: string[]): Promise<string> {
    const { id } = await buildAutomation(system.app, organization.caller, manual(nodes, ...ways));
    return startRun(system.app, organization.caller, id);
  }

  async function workflowOf(runId: string): Promise<string> {
    const [run] = await system.app.services.database.withOrg(organization.orgId, (transaction) =>
      transaction.select({ workflowId: runs.workflowId }).from(runs).where(eq(runs.id, runId)),
    );
    return run?.workflowId ?? '';
  }

  async function hasWorkflowStatus(workflowId: string, ...wanted: string[]): Promise<void> {
    await eventually(`the workflow is ${wanted.join(' or ')}`, async () => {
      const { status } = await temporal.workflow.getHandle(workflowId).describe();
      return wanted.includes(status.name) ? true : undefined;
    });
  }

  it('ends a run at once, with its workflow and what it waits for', async () => {
    const runId = await start([ask, set('after', {})], 'trigger > ask', 'ask.approved > after');
    await runThat(
      system.app,
      organization.caller,
      runId,
      'the run waits',
      ({ status }) => status === 'waiting',
    );
    await terminate(runId);
    const run = await finishedRun(system.app, organization.caller, runId);
    assert.deepEqual([run.status, stepOf(run, 'ask').status], ['cancelled', 'cancelled']);
    assert.match(run.error?.message ?? '', /^Terminated by /);
    const { items } = Approvals.parse(await perform('approvals.list', { runId }));
    assert.deepEqual(
      items.map(({ status }) => status),
      ['cancelled'],
    );
    await hasWorkflowStatus(await workflowOf(runId), 'TERMINATED');
  });

  it('changes nothing the second time, and is refused for a run that has ended by itself', async () => {
    const runId = await start([{ id: 'rest', type: 'wait', input: { duration: '1d' } }], 'trigger > rest');
    const [first, second] = await Promise.all([terminate(runId), terminate(runId)]);
    assert.deepEqual(first, second);
    const ended = await start([set('a', {})], 'trigger > a');
    await finishedRun(system.app, organization.caller, ended);
    await assertRefused(terminate(ended), 'conflict');
  });

  it('is for owners and admins', async () => {
    const runId = await start([{ id: 'rest', type: 'wait', input: { duration: '1d' } }], 'trigger > rest');
    const manager = await buildMember(system.app, organization, 'manager');
    await assertRefused(perform('runs.terminate', { id: runId }, manager.caller), 'forbidden');
    const admin = await buildMember(system.app, organization, 'admin');
    await perform('runs.terminate', { id: runId }, admin.caller);
  });

  it('cancels the subflow that the run waited for', async () => {
    const rest = manual([{ id: 'rest', type: 'wait', input: { duration: '1d' } }], 'trigger > rest');
    const { id: automation } = await buildAutomation(system.app, organization.caller, rest);
    const runId = await start([{ id: 'call', type: 'subflow', automation, input: {} }], 'trigger > call');
    const child = await eventually('the subflow waits', async () => {
      const { items } = Runs.parse(await perform('runs.list', { parentRunId: runId }));
      return items.find(({ status }) => status === 'waiting')?.id;
    });
    await runThat(
      system.app,
      organization.caller,
      runId,
      'the run waits',
      ({ status }) => status === 'waiting',
    );
    await terminate(runId);
    assert.equal((await finishedRun(system.app, organization.caller, child)).status, 'cancelled');
  });

  it('leaves the other runs of a group alone, and begins nothing more of its own', async () => {
    const { caller, orgId } = organization;
    const locked = await buildProject(system.app, caller);
    const create = (id: string) =>
      createTask(id, '{{ trigger.body.projectId }}', `${id} {{ trigger.body.n }}`);
    const { id, webhookUrl } = await buildAutomation(system.app, caller, {
      name: 'Group',
      trigger: { type: 'webhook' },
      nodes: [create('first'), create('second')],
      edges: edges('trigger > first', 'first > second'),
    });
    const holder = await owner.reserve();
    await holder`BEGIN`;
    await holder`SELECT FROM projects WHERE id = ${locked.id} FOR UPDATE`;
    await deliverTogether(
      system.app,
      { orgId, webhookUrl },
      [1, 2].map((n) => ({ projectId: locked.id, n })),
    );
    const [terminated = '', other = ''] = await startedRuns(system.app, caller, id, 2);
    const workflowId = await workflowOf(terminated);
    assert.equal(await workflowOf(other), workflowId, 'they are one group');
    await eventually('the workflow has begun', () =>
      temporal.workflow
        .getHandle(workflowId)
        .describe()
        .then(
          () => true,
          () => undefined,
        ),
    );
    await terminate(terminated);
    await holder`ROLLBACK`;
    holder.release();
    const run = await finishedRun(system.app, caller, other);
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    // It is ended for the terminated run should that be looked at after the other's end only.
    await hasWorkflowStatus(workflowId, 'COMPLETED', 'TERMINATED');
    const made =
      await owner`SELECT FROM tasks WHERE org_id = ${orgId} AND project_id = ${locked.id} AND title LIKE 'second %'`;
    assert.equal(made.length, 1, 'only the other run made its second task');
    const gone = await finishedRun(system.app, caller, terminated);
    assert.equal(gone.status, 'cancelled');
    assert.ok(gone.steps.every(({ nodeId, status }) => nodeId !== 'second' || status !== 'succeeded'));
  });

  it('lets a call end that is out, and begins no other', async () => {
    slack.proxy.hold();
    const runId = await start(
      [postMessage('tell', connection, 'Out'), postMessage('again', connection, 'Never')],
      'trigger > tell',
      'tell > again',
    );
    await eventually('the call is out', () => (slack.proxy.heldCount > 0 ? true : undefined));
    await terminate(runId);
    slack.proxy.release();
    await hasWorkflowStatus(await workflowOf(runId), 'TERMINATED');
    const never = slack.server.messages.filter(({ text }) => text === 'Never');
    const run = await finishedRun(system.app, organization.caller, runId);
    assert.deepEqual([run.status, never.length], ['cancelled', 0]);
  });

  it('can be taken up again, and what comes late of the first attempt is not written', async () => {
    const runId = await start([ask, set('after', {})], 'trigger > ask', 'ask.approved > after');
    await runThat(
      system.app,
      organization.caller,
      runId,
      'the run waits',
      ({ status }) => status === 'waiting',
    );
    await terminate(runId);
    await perform('runs.retry', { id: runId });
    const { items } = await eventually('it asks again', async () => {
      const found = Approvals.parse(await perform('approvals.list', { runId, status: 'open' }));
      return found.items.length === 1 ? found : undefined;
    });
    const { services } = system.app;
    const late = { orgId: organization.orgId, automationId: runId };
    await services.database.withOrg(organization.orgId, (transaction) =>
      writeProgress(services, transaction, {
        ...late,
        steps: [
          {
            runId,
            nodeId: 'after',
            iteration: '',
            status: 'failed',
            startedAt: Date.now(),
            finishedAt: Date.now(),
            error: { code: 'internal', message: 'Late' },
          },
        ],
        runs: [
          { runId, depth: 0, status: 'failed', at: Date.now(), error: { code: 'internal', message: 'Late' } },
        ],
      }),
    );
    await perform('approvals.decide', { id: items[0]?.id, decision: 'approved' });
    const run = await finishedRun(system.app, organization.caller, runId);
    assert.deepEqual([run.status, stepOf(run, 'after').error], ['succeeded', null]);
  });
});
