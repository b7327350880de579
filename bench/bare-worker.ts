import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { projectRoot } from '#runtime/project-root.js';
import { bareActivities } from './bare-activities.js';

export interface BareWorker {
  /** Runs one workflow to its end, started eagerly on this worker. */
  run(workflow: string, args: readonly unknown[]): Promise<void>;
  stop(): Promise<void>;
}

/** A plain Temporal worker on the same server: no codec, no database, nothing of ours. The yardstick. */
export async function startBareWorker(address: string): Promise<BareWorker> {
  const connection = await NativeConnection.connect({ address });
  const taskQueue = 'bare';
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: join(projectRoot, 'dist', 'bench', 'bare-workflows.js'),
      logger: { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error: console.error },
    }),
    activities: { ...bareActivities },
    maxCachedWorkflows: 300,
  });
  const client = new Client({ connection });
  const running = worker.run();
  let count = 0;
  return {
    async run(workflow, args) {
      count += 1;
      const workflowId = `bare-${process.pid}-${count}`;
      const handle = await client.workflow.start(workflow, {
        taskQueue,
        workflowId,
        args: [...args],
        requestEagerStart: true,
      });
      await handle.result();
    },
    async stop() {
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}
