import { startChroma } from './chroma.js';
import { startDemoModel } from './demo-model.js';
import { startPostgres } from './postgres.js';
import { startRedis } from './redis.js';
import type { SupervisedProcess, Supervision } from './supervised-process.js';
import { startTemporal } from './temporal.js';

/** In the order in which they are stopped. */
export const serviceNames = ['demoModel', 'chroma', 'temporal', 'postgres', 'redis'] as const;

export type ServiceName = (typeof serviceNames)[number];
export type RunningServices = Partial<Record<ServiceName, SupervisedProcess>>;
export type ServicePorts = Partial<Record<ServiceName, number>>;

export interface ServiceSettings {
  home: string;
  /** The services to start are those that have a port here. */
  ports: ServicePorts;
  ownerPassword: string;
  temporalNamespace: string;
  /** Runs after PostgreSQL is ready, beside the start of the others. */
  prepareDatabase(): Promise<void>;
}

/**
 * Starts the services side by side and puts each into `running` when it is ready. When one fails, `stopping` ends the
 * start of the others, and its error is thrown once all have settled.
 */
export async function startServices(
  running: RunningServices,
  settings: ServiceSettings,
  supervision: Supervision,
  stopping: AbortController,
): Promise<void> {
  const { home, ports, ownerPassword, temporalNamespace: namespace } = settings;
  const start = async (
    name: ServiceName,
    startAt: (port: number) => Promise<SupervisedProcess | undefined>,
  ): Promise<void> => {
    const port = ports[name];
    if (port === undefined) return;
    const began = performance.now();
    const service = await startAt(port);
    if (!service) return;
    running[name] = service;
    supervision.log(`${service.name} is ready on port ${port} (${secondsSince(began)} s)`);
  };
  const database = async (): Promise<void> => {
    await start('postgres', (port) => startPostgres({ home, port, ownerPassword }, supervision));
    await settings.prepareDatabase();
  };
  const redis = async (): Promise<void> => {
    await start('redis', (port) => startRedis({ home, port }, supervision));
    if (ports.redis !== undefined && !running.redis) {
      supervision.log('Redis: not installed, PostgreSQL NOTIFY stands in (one host only)');
    }
  };
  const starts = [
    database(),
    start('temporal', (port) => startTemporal({ home, port, namespace }, supervision)),
    start('chroma', (port) => startChroma({ home, port }, supervision)),
    start('demoModel', (port) => startDemoModel({ home, port }, supervision)),
    redis(),
  ];
  for (const one of starts) one.catch((error: unknown) => stopping.abort(error));
  await Promise.allSettled(starts);
  // The first failure aborted the others, which failed with the same reason.
  await Promise.all(starts);
}

/** Stops what runs, one after the other. */
export async function stopServices(running: RunningServices): Promise<void> {
  for (const name of serviceNames) await running[name]?.stop();
}

/** Seconds, with one decimal since a time of performance.now(). */
export function secondsSince(began: number): string {
  return ((performance.now() - began) / 1000).toFixed(1);
}
