import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { projectRoot } from '#runtime/project-root.js';
import { eventually } from '../eventually.js';
import { testSystem } from '../system.js';

const compiled = join(projectRoot, 'dist');
const ignore = () => {};

describe('a rejection that a workflow does not handle', () => {
  it('fails its own workflow task and leaves the worker at work', async () => {
    const { configuration } = await testSystem();
    const connection = await NativeConnection.connect({ address: configuration.TEMPORAL_ADDRESS });
    const taskQueue = 'careless';
    const worker = await Worker.create({
      connection,
      taskQueue,
      workflowBundle: await bundleWorkflowCode({
        workflowsPath: join(compiled, 'test', 'engine', 'careless-workflow.js'),
        preloadModules: [join(compiled, 'workflows', 'stack-traces.js')],
        logger: { log: ignore, trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore },
      }),
    });
    const client = new Client({ connection });
    const failed = worker.runUntil(async () => {
      const handle = await client.workflow.start('careless', { taskQueue, workflowId: 'careless' });
      const failure = await eventually('the workflow task has failed', async () => {
        const { events } = await handle.fetchHistory();
        return events?.find((event) => event.workflowTaskFailedEventAttributes)
          ?.workflowTaskFailedEventAttributes?.failure?.message;
      });
      await handle.terminate();
      return failure;
    });
    assert.match((await failed) ?? '', /Unhandled Promise rejection: Error: Nobody handles this/);
    await connection.close();
  });
});
