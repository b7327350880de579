import { reservePorts, type WantedPort } from './ports.js';
import { postgresOwnerUrl } from './postgres.js';
import type { StackSecrets } from './secrets.js';
import type { ServiceName, ServicePorts } from './services.js';

/** Addresses of services that run elsewhere and are used instead of embedded ones. */
export interface GivenServices {
  ownerUrl?: string | undefined;
  databaseUrl?: string | undefined;
  temporalAddress?: string | undefined;
  chromaUrl?: string | undefined;
  redisUrl?: string | undefined;
  /** Base address of OpenAI's protocol, with `/v1`. */
  demoModelUrl?: string | undefined;
}

/** Where every service of a stack is, and the ports of those that it runs itself. */
export interface StackAddresses extends GivenServices {
  ports: ServicePorts;
  /** What was reserved for others, in the order of the wish. */
  otherPorts: readonly number[];
}

export interface AddressWishes {
  services: ReadonlySet<ServiceName>;
  /** 0 or absent: any free port. */
  ports: ServicePorts;
  /** Ports that are reserved along with those of the services. */
  otherPorts: readonly WantedPort[];
  given: GivenServices;
}

const labels: Record<ServiceName, string> = {
  postgres: 'PostgreSQL',
  temporal: 'Temporal',
  chroma: 'Chroma',
  redis: 'Redis',
  demoModel: 'demo model',
};

/** Reserves the ports and writes down all addresses. Throws StartError when a port is in use. */
export async function chooseAddresses(wishes: AddressWishes, secrets: StackSecrets): Promise<StackAddresses> {
  const { otherPorts } = wishes;
  const wanted = [...wishes.services].map((name) => ({
    name,
    service: labels[name],
    port: wishes.ports[name] ?? 0,
  }));
  const reserved = await reservePorts([...otherPorts, ...wanted]);
  const reservedOwn = reserved.slice(otherPorts.length);
  const own: ServicePorts = Object.fromEntries(wanted.map(({ name }, index) => [name, reservedOwn[index]]));
  const given = { ...wishes, ports: own };
  return { ...addressesAt(given, secrets), otherPorts: reserved.slice(0, otherPorts.length) };
}

/** The same for ports that are known. */
export function addressesAt(
  { ports: own, given }: Pick<AddressWishes, 'ports' | 'given'>,
  { databaseOwnerPassword: ownerPassword, databasePassword }: StackSecrets,
): Omit<StackAddresses, 'otherPorts'> {
  return {
    ports: own,
    ownerUrl: given.ownerUrl ?? at(own.postgres, (port) => postgresOwnerUrl(port, ownerPassword)),
    databaseUrl: given.databaseUrl ?? at(own.postgres, (port) => applicationUrl(port, databasePassword)),
    temporalAddress: given.temporalAddress ?? at(own.temporal, (port) => `127.0.0.1:${port}`),
    chromaUrl: given.chromaUrl ?? at(own.chroma, (port) => `http://127.0.0.1:${port}`),
    redisUrl: given.redisUrl ?? at(own.redis, (port) => `redis://127.0.0.1:${port}`),
    demoModelUrl: given.demoModelUrl ?? at(own.demoModel, (port) => `http://127.0.0.1:${port}/v1`),
  };
}

/** The application's role and database; migrations make both. */
function applicationUrl(port: number, password: string): string {
  return `postgres://worksynapse_app:${password}@127.0.0.1:${port}/worksynapse`;
}

function at(port: number | undefined, address: (port: number) => string): string | undefined {
  return port === undefined ? undefined : address(port);
}
