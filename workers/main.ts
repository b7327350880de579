import { getPriority, setPriority } from 'node:os';
import { createApp } from '#app.js';
import { ConfigurationError, configurationExitCode, readConfiguration } from '#runtime/configuration.js';
import { startMetrics } from './metrics.js';
import { startWorker } from './worker.js';

/** Where API and worker share a machine, taking deliveries in goes first: work that was accepted can wait, senders can't. */
const niceness = 10;

try {
  // Nobody but root may raise what was started low.
  setPriority(Math.max(niceness, getPriority()));
  const configuration = readConfiguration();
  const app = await createApp(configuration, 'worker');
  const { logger } = app.services;
  if (!configuration.MAIL_URL) {
    logger.warn('MAIL_URL is not set: nobody is told by mail of approvals and of runs that failed');
  }
  const metrics = await startMetrics(configuration);
  const worker = await startWorker(app);
  logger.info({ taskQueue: configuration.TEMPORAL_TASK_QUEUE }, 'the worker takes up work');
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => worker.stop());
  await worker.finished;
  await Promise.all([app.close(), metrics?.close()]);
  process.exit(0);
} catch (error) {
  if (error instanceof ConfigurationError) {
    process.stderr.write(`The worker could not start. ${error.message}\n`);
    process.exit(configurationExitCode);
  }
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exit(1);
}
