import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SupervisedProcess, type Supervision } from './supervised-process.js';
import { findTemporalBinary } from './temporal-binary.js';
import { isTemporalReady } from './temporal-health.js';

export interface TemporalOptions {
  home: string;
  port: number;
  namespace: string;
}

/**
 * Settings of the development server. By default one history shard polls its queues 20 times a second, so that every
 * step of a workflow waits about 50 ms; unbound polling, eager starts and one partition a task queue remove that wait.
 */
const dynamicConfiguration = {
  'history.transferProcessorMaxPollRPS': 5000,
  'history.transferProcessorMaxPollHostRPS': 5000,
  'history.timerProcessorMaxPollRPS': 5000,
  'history.timerProcessorMaxPollHostRPS': 5000,
  'history.visibilityProcessorMaxPollRPS': 5000,
  'history.visibilityProcessorMaxPollHostRPS': 5000,
  'system.enableActivityEagerExecution': true,
  'system.enableEagerWorkflowStart': true,
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  // Tasks of one organization do not wait for all those of another: its id is their fairness key.
  'matching.useNewMatcher': true,
  'matching.enableFairness': true,
};

/** With a write-ahead log, NORMAL survives a killed process; only a crash of the machine can cost the last moments. */
const sqlitePragmas = { journal_mode: 'WAL', synchronous: 'NORMAL' };

/**
 * Runs Temporal's development server on 127.0.0.1 with its database in <home>/temporal.
 * Throws StartError when there is no Temporal and none can be had, or when it does not come up.
 */
export async function startTemporal(
  options: TemporalOptions,
  supervision: Supervision,
): Promise<SupervisedProcess> {
  const binary = await findTemporalBinary({ log: supervision.log, signal: supervision.signal });
  const folder = join(options.home, 'temporal');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const server = new SupervisedProcess(
    {
      name: 'Temporal',
      command: binary,
      args: serverArguments(options, join(folder, 'temporal.db')),
      env: process.env,
      logFile: join(options.home, 'logs', 'temporal.log'),
      isReady: () => isTemporalReady(`127.0.0.1:${options.port}`, options.namespace),
      readyTimeoutMs: 60_000,
      // It asks for free ports for its inner services and opens them a moment later: one can be taken by then.
      startAttempts: 3,
      stopSignal: 'SIGTERM',
      stopTimeoutMs: 10_000,
      // As the worker does (workers/main.ts): taking deliveries in goes before what becomes of them.
      niceness: 10,
    },
    supervision,
  );
  await server.start();
  return server;
}

function serverArguments(options: TemporalOptions, databaseFile: string): string[] {
  const flags = ['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(options.port)];
  flags.push('--db-filename', databaseFile, '--namespace', options.namespace);
  for (const [name, value] of Object.entries(sqlitePragmas))
    flags.push('--sqlite-pragma', `${name}=${value}`);
  for (const [name, value] of Object.entries(dynamicConfiguration)) {
    flags.push('--dynamic-config-value', `${name}=${value}`);
  }
  return flags;
}
