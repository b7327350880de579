import assert from 'node:assert/strict';
import { Connection } from '@temporalio/client';
import protocol from '@temporalio/proto';
import { runWorkflowId } from '#runtime/runs/workflow-id.js';
import { buildAutomation, chain } from '#test/builders/build-automation.js';
import { buildSlackConnection } from '#test/builders/build-connection.js';
import { buildOrganization } from '#test/builders/build-organization.js';
import { finishedRun, startRun, stepOf } from '#test/builders/watch-runs.js';
import { onTestsEnd } from '#test/closing.js';
import { openTestSlack } from '#test/slack.js';
import { type TestSystem, workingSystem } from '#test/system.js';

const { History } = protocol.temporal.api.history.v1;

describe('the text of an error', () => {
  let system: TestSystem;
  let connection: Connection;
  before(async () => {
    system = await workingSystem();
    connection = await Connection.connect({ address: system.configuration.TEMPORAL_ADDRESS });
    onTestsEnd(() => connection.close());
  });

  /** Everything that Temporal has stored of a workflow, as it is. */
  async function storedBytes(workflowId: string): Promise<Buffer> {
    const { history } = await connection.workflowService.getWorkflowExecutionHistory({
      namespace: system.configuration.TEMPORAL_NAMESPACE,
      execution: { workflowId },
    });
    return Buffer.from(History.encode(history ?? {}).finish());
  }

  it('is shown in the run and can not be read in the history, neither of local nor of remote activities', async () => {
    const { app } = system;
    const { orgId, caller } = await buildOrganization(app);
    const slack = await openTestSlack();
    const { id: connectionId } = await buildSlackConnection(app, caller, slack.apiUrl);
    slack.server.failNext(1, { status: 200, body: { ok: false, error: 'channel_not_found' } });
    const remote = {
      id: 'remote',
      type: 'action',
      action: 'slack.post_message',
      connection: connectionId,
      onError: 'continue',
      input: { channel: '#nowhere', text: 'Hello' },
    };
    const local = {
      id: 'local',
      type: 'action',
      action: 'tasks.create',
      input: { projectId: connectionId, title: 'In no project' },
    };
    const { id } = await buildAutomation(app, caller, chain({ type: 'manual' }, [remote, local]));
    const run = await finishedRun(app, caller, await startRun(app, caller, id));

    const stored = await storedBytes(runWorkflowId(orgId, run.id));
    for (const node of ['remote', 'local']) {
      const { error } = stepOf(run, node);
      assert.ok(error, `${node} failed`);
      assert.ok(error.message.length > 10, error.message);
      assert.ok(stored.includes(error.code), `the history has a failure ${error.code}`);
      assert.ok(!stored.includes(error.message), `the history tells "${error.message}"`);
    }
  });
});
