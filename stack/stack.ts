import { join } from 'node:path';
import type { StackAddresses } from './addresses.js';
import type { StackSecrets } from './secrets.js';
import type { RunningServices } from './services.js';
import type { SupervisedProcess, Supervision } from './supervised-process.js';

/** One service that the stack runs. stop() and start() keep its port and data; kill() is a crash, without a restart. */
export type StackService = Pick<SupervisedProcess, 'name' | 'pid' | 'start' | 'stop' | 'kill'>;

/** A running stack. Reading a service or address that it does not have throws, but for redisUrl. */
export interface Stack {
  readonly home: string;
  /** The role that owns the database server; for migrations only. */
  readonly ownerUrl: string;
  /** The application's role and database, which migrations make. */
  readonly databaseUrl: string;
  /** host:port */
  readonly temporalAddress: string;
  readonly chromaUrl: string;
  /** Absent: there is no Redis, PostgreSQL NOTIFY stands in. */
  readonly redisUrl: string | undefined;
  /** Base address of OpenAI's protocol, with `/v1`. */
  readonly demoModelUrl: string;
  /** The ports for StackOptions.otherPorts, in their order. */
  readonly otherPorts: readonly number[];
  readonly postgres: StackService;
  readonly temporal: StackService;
  readonly chroma: StackService;
  readonly redis: StackService;
  /** Variables for API and worker processes: addresses, folders and secrets, as in .env.example. */
  readonly environment: Readonly<Record<string, string>>;
  /** Lets more processes run as part of this stack. */
  readonly supervision: Supervision;
  /** Stops the demo model, Chroma, Temporal, PostgreSQL and Redis, in this order. Safe to call twice. */
  stop(): Promise<void>;
}

export interface StackParts {
  home: string;
  addresses: StackAddresses;
  running: RunningServices;
  secrets: StackSecrets;
  supervision: Supervision;
  stop(): Promise<void>;
}

/** Presents what was started as a Stack. */
export function describeStack(parts: StackParts): Stack {
  const { home, addresses, running, supervision, stop } = parts;
  const redisUrl = running.redis || addresses.ports.redis === undefined ? addresses.redisUrl : undefined;
  return {
    home,
    supervision,
    stop,
    redisUrl,
    otherPorts: addresses.otherPorts,
    environment: childEnvironment(parts, redisUrl),
    get ownerUrl() {
      return present(addresses.ownerUrl, 'PostgreSQL owner address');
    },
    get databaseUrl() {
      return present(addresses.databaseUrl, 'PostgreSQL');
    },
    get temporalAddress() {
      return present(addresses.temporalAddress, 'Temporal');
    },
    get chromaUrl() {
      return present(addresses.chromaUrl, 'Chroma');
    },
    get demoModelUrl() {
      return present(addresses.demoModelUrl, 'demo model');
    },
    get postgres() {
      return present(running.postgres, 'PostgreSQL of its own');
    },
    get temporal() {
      return present(running.temporal, 'Temporal of its own');
    },
    get chroma() {
      return present(running.chroma, 'Chroma of its own');
    },
    get redis() {
      return present(running.redis, 'Redis of its own');
    },
  };
}

function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`This stack has no ${what}`);
  return value;
}

/** Variables of programs that use a stack: see Stack.environment. */
export function childEnvironment(
  {
    home,
    addresses,
    secrets,
  }: Pick<StackParts, 'home' | 'secrets'> & { addresses: Omit<StackAddresses, 'otherPorts'> },
  redisUrl: string | undefined,
) {
  const variables: Record<string, string> = {
    FILES_FOLDER: join(home, 'files'),
    DEV_MAILBOX_FOLDER: join(home, 'mailbox'),
    ENCRYPTION_KEYS: secrets.encryptionKeys,
    ACCESS_TOKEN_KEY: secrets.accessTokenKey,
    OUTGOING_ALLOW_LOOPBACK: 'true',
  };
  const { databaseUrl, temporalAddress, chromaUrl, demoModelUrl } = addresses;
  if (databaseUrl) variables.DATABASE_URL = databaseUrl;
  if (temporalAddress) variables.TEMPORAL_ADDRESS = temporalAddress;
  if (chromaUrl) variables.CHROMA_URL = chromaUrl;
  if (redisUrl) variables.REDIS_URL = redisUrl;
  if (demoModelUrl) variables.DEMO_MODEL_URL = demoModelUrl;
  return variables;
}
