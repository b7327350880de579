import { projectRoot } from '#runtime/project-root.js';
import { chooseHome } from './home-folder.js';
import { StartError } from './start-error.js';
import type { StackOptions } from './start-stack.js';

/** What `npm start` was told by environment variables; otherPorts are API, inbound mail, worker metrics. */
export type LaunchSettings = Required<
  Pick<StackOptions, 'home' | 'ports' | 'otherPorts' | 'given' | 'temporalNamespace'>
>;

/**
 * Reads the launcher's settings: PORT (default 3000; services take the next seven), HOST, WORKSYNAPSE_HOME, and the
 * addresses of services that run elsewhere. Throws StartError when they do not fit together.
 */
export function readLaunchSettings(environment: NodeJS.ProcessEnv): LaunchSettings {
  const port = readPort(environment.PORT || '3000');
  const after = (places: number): number => (port === 0 ? 0 : port + places);
  const host = environment.HOST || '127.0.0.1';
  const given = {
    databaseUrl: environment.DATABASE_URL || undefined,
    ownerUrl: environment.DATABASE_OWNER_URL || undefined,
    temporalAddress: environment.TEMPORAL_ADDRESS || undefined,
    chromaUrl: environment.CHROMA_URL || undefined,
    redisUrl: environment.REDIS_URL || undefined,
    demoModelUrl: environment.DEMO_MODEL_URL || undefined,
  };
  if ((given.databaseUrl === undefined) !== (given.ownerUrl === undefined)) {
    throw new StartError(
      'DATABASE_URL (the application) and DATABASE_OWNER_URL (the role that owns the schema) belong together; set both or neither.',
    );
  }
  return {
    home: chooseHome(environment.WORKSYNAPSE_HOME, projectRoot),
    ports: {
      postgres: after(1),
      temporal: after(2),
      chroma: after(3),
      redis: after(4),
      demoModel: after(7),
    },
    given,
    temporalNamespace: environment.TEMPORAL_NAMESPACE || 'default',
    otherPorts: [
      { service: 'API', host, port },
      { service: 'inbound mail', port: readPort(environment.INBOUND_SMTP_PORT || String(after(5))) },
      { service: 'worker metrics', port: readPort(environment.WORKER_METRICS_PORT || String(after(6))) },
    ],
  };
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_528) return port;
  throw new StartError(`PORT must be a whole number from 0 to 65528, not "${text}".`);
}
