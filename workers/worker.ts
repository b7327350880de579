import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createAgentActivities } from '#activities/agent-activities.js';
import { createAuditActivities } from '#activities/audit-activities.js';
import { createAutomationActivities } from '#activities/automation-activities.js';
import { takingTurns } from '#activities/fair-activities.js';
import { createPrivacyActivities } from '#activities/privacy-activities.js';
import { createRetentionActivities } from '#activities/retention-activities.js';
import { createScheduleActivities } from '#activities/schedule-activities.js';
import { createUsageActivities } from '#activities/usage-activities.js';
import { createVaultActivities } from '#activities/vault-activities.js';
import type { App } from '#app.js';
import { createDataConverter } from '#runtime/engine/data-converter.js';
import { createTemporalClient } from '#runtime/engine/temporal-engine.js';
import type { Logger } from '#runtime/logger.js';
import { removeLeftArchives } from '#runtime/privacy/exports/archive-folder.js';
import { eraseAgain } from '#runtime/privacy/tombstones/erase-again.js';
import { startAuditSealer } from './audit-sealer.js';
import { workflowBundle } from './bundle.js';
import { startDispatcher } from './dispatcher/dispatcher.js';
import { keepSchedules } from './retention-schedule.js';

export interface RunningWorker {
  /** Asks it to finish what it has in hand. */
  stop(): void;
  /** Resolves when it has stopped; rejects if it could not go on. */
  finished: Promise<void>;
}

let isForwarding = false;

/** How long activities may take to end after the process was asked to stop. */
const graceMs = 8_000;

/** Local activities that may wait for one of the places; who waits beyond these does so without taking turns. */
const maxLocalQueued = 1_000;

/**
 * Starts a worker of workflows and activities, and beside it the dispatcher, which starts workflows through the
 * worker's own connection: only so can the engine hand a new workflow straight to this worker.
 */
export async function startWorker(app: App, startBeside = startDispatcher): Promise<RunningWorker> {
  const { configuration, logger } = app.services;
  forwardEngineLogs(logger);
  await removeLeftArchives();
  const connection = await connect(configuration.TEMPORAL_ADDRESS, (err) =>
    logger.warn({ err }, 'Temporal is not reachable yet'),
  );
  const localPlaces = Math.max(10, configuration.DATABASE_POOL_SIZE - 4);
  const worker = await Worker.create({
    connection,
    namespace: configuration.TEMPORAL_NAMESPACE,
    taskQueue: configuration.TEMPORAL_TASK_QUEUE,
    workflowBundle: { codePath: await workflowBundle() },
    activities: {
      ...takingTurns(createAutomationActivities(app.services, app.perform), localPlaces),
      ...createAgentActivities(app.services, app.perform),
      ...createScheduleActivities(app.services),
      ...createRetentionActivities(app.services),
      ...createUsageActivities(app.services),
      ...createVaultActivities(app.services),
      ...createPrivacyActivities(app.services),
      ...createAuditActivities(app.services),
    },
    dataConverter: createDataConverter(configuration.ENCRYPTION_KEYS),
    maxCachedWorkflows: 300,
    maxConcurrentWorkflowTaskExecutions: 40,
    maxConcurrentLocalActivityExecutions: maxLocalQueued,
    maxConcurrentActivityTaskExecutions: 100,
    shutdownGraceTime: graceMs,
  });
  const client = createTemporalClient(configuration, connection);
  const dispatcher = startBeside(app.services, client);
  const sealer = startAuditSealer(app.services);
  const schedules = keepSchedules(app.services, client);
  const looking = eraseAgain(app.services).catch((err: unknown) =>
    logger.error({ err }, 'Whether erased data is back could not be seen; the schedule looks again'),
  );
  const finished = worker.run().finally(async () => {
    schedules.stop();
    await Promise.all([dispatcher.stop(), sealer.stop(), looking]);
    await connection.close();
  });
  return { stop: () => worker.shutdown(), finished };
}

/** Waits for Temporal: a worker that starts before it is no error. */
async function connect(address: string, onFailure: (error: unknown) => void): Promise<NativeConnection> {
  for (;;) {
    try {
      return await NativeConnection.connect({ address });
    } catch (error) {
      onFailure(error);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}

/** Puts warnings and errors of the engine's client into our log. Once a process. */
function forwardEngineLogs(logger: Logger): void {
  if (isForwarding) return;
  isForwarding = true;
  const forward = new DefaultLogger('WARN', ({ level, message, meta }) => {
    logger[level === 'ERROR' ? 'error' : 'warn']({ engine: meta }, message);
  });
  const logging = { filter: { core: 'WARN', other: 'WARN' }, forward: {} } as const;
  Runtime.install({ logger: forward, telemetryOptions: { logging }, shutdownSignals: [] });
}
