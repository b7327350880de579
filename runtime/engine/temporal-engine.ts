import {
  Client,
  Connection,
  type ConnectionLike,
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import protocol from '@temporalio/proto';
import { cancelRunUpdate } from '#core/automation/run.js';
import { AppError } from '#core/errors.js';
import type { Configuration } from '../configuration.js';
import { createDataConverter } from './data-converter.js';
import type { Engine } from './engine.js';
import { startGroup } from './start-group.js';

/** A Temporal client of our namespace, with encrypted payloads and errors. */
export function createTemporalClient(configuration: Configuration, connection: ConnectionLike): Client {
  return new Client({
    connection,
    namespace: configuration.TEMPORAL_NAMESPACE,
    dataConverter: createDataConverter(configuration.ENCRYPTION_KEYS),
  });
}

/** How long a run's workflow may take to accept that it is cancelled; one with a transaction at work takes up to 8 s. */
const cancelMs = 20_000;

/** After this the dispatcher's own start, which is tried for as long as it takes, is counted on. */
const startMs = 10_000;

/** The engine over Temporal. Connects when first needed, so that the API starts and accepts while Temporal is away. */
export function createTemporalEngine(configuration: Configuration): Engine {
  const connection = Connection.lazy({ address: configuration.TEMPORAL_ADDRESS, connectTimeout: 5_000 });
  const client = createTemporalClient(configuration, connection);
  return {
    startUrgent: (group) =>
      connection.withDeadline(Date.now() + startMs, () =>
        startGroup(client, group, {
          taskQueue: configuration.TEMPORAL_TASK_QUEUE,
          isEager: false,
          historyLimit: configuration.RUN_HISTORY_LIMIT,
          isUrgent: true,
        }),
      ),
    async cancelRun({ workflowId, runId }) {
      try {
        const handle = client.workflow.getHandle(workflowId);
        // The workflow has to accept it; without a worker nobody would answer.
        await connection.withDeadline(Date.now() + cancelMs, () =>
          handle.executeUpdate<void, [string]>(cancelRunUpdate, { args: [runId] }),
        );
      } catch (error) {
        throw cancelError(error);
      }
    },
    async rotateVault(request) {
      const workflowId = request.orgId === null ? 'vault-rotation' : `org/${request.orgId}/vault-rotation`;
      await connection.withDeadline(Date.now() + startMs, () =>
        client.workflow.start('rotateVault', {
          workflowId,
          taskQueue: configuration.TEMPORAL_TASK_QUEUE,
          workflowIdConflictPolicy: 'USE_EXISTING',
          args: [request],
        }),
      );
    },
    async terminateWorkflow(workflowId) {
      try {
        await connection.withDeadline(Date.now() + startMs, () =>
          client.workflow.getHandle(workflowId).terminate('The organization was erased'),
        );
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    },
    async startExport({ orgId, id }) {
      try {
        await connection.withDeadline(Date.now() + startMs, () =>
          client.workflow.start('exportAudit', {
            taskQueue: configuration.TEMPORAL_TASK_QUEUE,
            workflowId: `org/${orgId}/audit-exports/${id}`,
            args: [{ orgId, id }],
          }),
        );
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    },
    async workersSeenAt() {
      const { pollers } = await connection.withDeadline(Date.now() + 2_000, () =>
        connection.workflowService.describeTaskQueue({
          namespace: configuration.TEMPORAL_NAMESPACE,
          taskQueue: { name: configuration.TEMPORAL_TASK_QUEUE },
          taskQueueType: protocol.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        }),
      );
      const seen = (pollers ?? []).map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0));
      return seen.length === 0 ? undefined : new Date(Math.max(...seen) * 1_000);
    },
    async ping() {
      await connection.withDeadline(Date.now() + 2_000, () => connection.workflowService.getSystemInfo({}));
    },
    close: () => connection.close(),
  };
}

function cancelError(error: unknown): unknown {
  if (error instanceof WorkflowNotFoundError || error instanceof WorkflowUpdateFailedError) {
    return new AppError('conflict', 'The run has finished already', { cause: error });
  }
  if (isGrpcServiceError(error) || error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
    return new AppError('provider_unavailable', 'The workflow engine is not reachable', { cause: error });
  }
  return error;
}
