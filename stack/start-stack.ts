import { chooseAddresses, type GivenServices } from './addresses.js';
import { prepareHome } from './home-folder.js';
import { claimHome } from './leftovers.js';
import type { WantedPort } from './ports.js';
import { loadSecrets } from './secrets.js';
import {
  type RunningServices,
  type ServiceName,
  type ServicePorts,
  startServices,
  stopServices,
} from './services.js';
import { describeStack, type Stack } from './stack.js';
import { StackRecord } from './stack-record.js';
import type { Supervision } from './supervised-process.js';

export interface StackOptions {
  /** Folder for all data; made when it is missing. */
  home: string;
  /** Gets one line a step. */
  log: (line: string) => void;
  /** Ports on 127.0.0.1; 0 or absent: any free one. */
  ports?: ServicePorts;
  /** Ports of programs that the caller will run, checked before anything starts; see Stack.otherPorts. */
  otherPorts?: readonly WantedPort[];
  /** Services to run here; by default those without an address in `given`. */
  services?: ReadonlySet<ServiceName>;
  given?: GivenServices;
  temporalNamespace?: string;
  /** Aborting it makes a start fail with the signal's reason, after what had started is stopped. */
  signal?: AbortSignal;
  /** Runs as soon as PostgreSQL is ready, beside the start of the others: the place for migrations. */
  prepareDatabase?: (urls: { ownerUrl: string; databaseUrl: string }) => Promise<void>;
}

/**
 * Starts the services that WorkSynapse needs, side by side, and resolves when all answer.
 * Throws StartError with one sentence for a person when the folder, a port or a service is not usable; whatever had
 * started is stopped by then.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { home, log, given = {} } = options;
  prepareHome(home);
  const record = new StackRecord(home);
  await claimHome(record, home, log);
  const stopping = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stopping.signal]) : stopping.signal;
  const supervision: Supervision = { record, log, signal };
  const running: RunningServices = {};
  const stop = async (): Promise<void> => {
    stopping.abort();
    await stopServices(running);
    record.clear();
  };
  try {
    const secrets = loadSecrets(home);
    const services = options.services ?? servicesWithout(given);
    const addresses = await chooseAddresses(
      { services, ports: options.ports ?? {}, otherPorts: options.otherPorts ?? [], given },
      secrets,
    );
    const { ownerUrl, databaseUrl, ports } = addresses;
    await startServices(
      running,
      {
        home,
        ports,
        ownerPassword: secrets.databaseOwnerPassword,
        temporalNamespace: options.temporalNamespace ?? 'default',
        prepareDatabase: async () => {
          if (ownerUrl && databaseUrl) await options.prepareDatabase?.({ ownerUrl, databaseUrl });
        },
      },
      supervision,
      stopping,
    );
    return describeStack({ home, addresses, running, secrets, supervision, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

function servicesWithout(given: GivenServices): Set<ServiceName> {
  const services = new Set<ServiceName>();
  if (!given.databaseUrl) services.add('postgres');
  if (!given.temporalAddress) services.add('temporal');
  if (!given.chromaUrl) services.add('chroma');
  if (!given.redisUrl) services.add('redis');
  if (!given.demoModelUrl) services.add('demoModel');
  return services;
}
