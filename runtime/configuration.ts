import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { readKeyFile } from './keys/read-key-file.js';
import { canonicalNetwork } from './networks.js';
import { readTrustedHosts } from './outgoing/trusted-hosts.js';
import { productionFaults } from './production-faults.js';

const booleanText = z.enum(['true', 'false']).transform((text) => text === 'true');
const keyForm = 'each entry must be keyId:base64 of 32 bytes';
const port = z.coerce.number().int().min(0).max(65_535);

const Settings = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),

  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(3000),
  /** Address under which users and vendors reach the API; webhook addresses are built from it. */
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Production without TLS, within a network in which nobody can listen in. */
  PUBLIC_URL_ALLOW_HTTP: booleanText.default(false),
  /** Other origins whose pages may call /v1 with credentials; none by default. */
  CORS_ORIGINS: z.string().default('').transform(parseOrigins),

  /** Proxies in front whose X-Forwarded-For is believed: how many, or their addresses. 0: none. */
  TRUST_PROXY: z.string().default('0').transform(parseTrustedProxies),
  /** Development only: serve the API's /metrics to any client; else only to one on the API's own host. */
  METRICS_PUBLIC: booleanText.default(false),
  /** Networks whose clients may read /metrics too, when they come without a proxy. */
  METRICS_NETWORKS: z.string().default('').transform(parseNetworks),

  /** The application's role: neither owner nor superuser. */
  DATABASE_URL: z.url(),
  /** The role that owns the schema; needed by migrations only. */
  DATABASE_OWNER_URL: z.url().optional(),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(200).default(20),

  /** Multiplies the rates of requests that plans allow; 0: no limits. */
  API_RATE_FACTOR: z.coerce.number().min(0).max(1_000).default(1),

  /** Runs of one organization that may be at work at a time; the rest waits in order. */
  ORGANIZATION_MAX_RUNNING_RUNS: z.coerce.number().int().min(1).max(10_000).default(200),
  /**
   * Of these, such as were handed to the engine and have not begun; half of it while other organizations are at work:
   * bounds how long these wait for a worker.
   */
  ORGANIZATION_MAX_STARTING_RUNS: z.coerce.number().int().min(1).max(10_000).default(50),

  TEMPORAL_ADDRESS: z.string().default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_TASK_QUEUE: z.string().default('worksynapse'),
  /** Events of a run's history after which its workflow goes on as a new one. Absent: a number that fits Temporal's limits. */
  RUN_HISTORY_LIMIT: z.coerce.number().int().min(1).max(20_000).optional(),

  /** Days for which ended runs are kept, where an organization does not say otherwise. */
  RUN_RETENTION_DAYS: z.coerce.number().int().min(1).max(3_650).default(30),

  CHROMA_URL: z.url().optional(),
  /** The demo model, which speaks OpenAI's protocol at this address. Absent: there is none. */
  DEMO_MODEL_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Its key, which is no secret where `npm start` runs it. */
  DEMO_MODEL_KEY: z.string().default('demo-model'),
  /** Absent: PostgreSQL NOTIFY stands in for Redis (one host, development). */
  REDIS_URL: z.url().optional(),

  /** Folder for files and large payloads, when S3_ENDPOINT is absent. */
  FILES_FOLDER: z.string().optional(),
  S3_ENDPOINT: z.url().optional(),
  S3_BUCKET: z.string().default('worksynapse'),
  S3_REGION: z.string().default('us-east-1'),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),

  /** Where the platform's own mail goes out: smtp://user:password@host:port or smtps://. Absent: it sends none. */
  MAIL_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  /** Its sender: an address, or `Name <address>`. */
  MAIL_FROM: z
    .string()
    .regex(/^([^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/, 'must be an address, or Name <address>')
    .optional(),
  /** Most mails that one organization causes in an hour. */
  MAILS_PER_HOUR: z.coerce.number().int().min(1).max(100_000).default(500),
  /**
   * Where new passwords are looked up among those that have been stolen: a server that speaks the range API of Have I
   * Been Pwned, which gets five characters of a hash. `off`: they are not.
   */
  /** A MaxMind DB file that tells where addresses are, or `off`; the product's own, of countries, unless set. */
  GEOIP_DATABASE: z.string().optional(),
  BREACHED_PASSWORDS_URL: z
    .union([z.literal('off'), z.url({ protocol: /^https?$/ })])
    .default('https://api.pwnedpasswords.com'),

  /** Inbound mail: the API listens here for `<key>@INBOUND_MAIL_DOMAIN`. Absent: no inbound mail. */
  INBOUND_SMTP_PORT: port.optional(),
  INBOUND_MAIL_DOMAIN: z.string().default('inbound.localhost'),
  /** Development mailbox: mail for other domains is kept in this folder and shown at /dev/mailbox. */
  DEV_MAILBOX_FOLDER: z.string().optional(),

  /** Applications registered at Google, Microsoft and GitHub for signing in; a provider without its id is not offered. */
  GOOGLE_CLIENT_ID: z.string().optional(),
  GOOGLE_CLIENT_SECRET: z.string().optional(),
  GOOGLE_ISSUER: z.url().default('https://accounts.google.com'),
  MICROSOFT_CLIENT_ID: z.string().optional(),
  MICROSOFT_CLIENT_SECRET: z.string().optional(),
  MICROSOFT_ISSUER: z.url().default('https://login.microsoftonline.com/common/v2.0'),
  GITHUB_CLIENT_ID: z.string().optional(),
  GITHUB_CLIENT_SECRET: z.string().optional(),
  GITHUB_URL: z.url().default('https://github.com'),
  GITHUB_API_URL: z.url().default('https://api.github.com'),

  /**
   * `keyId:base64(32 bytes)`, newest first, comma-separated, or in a file. Encrypts connection secrets and workflow
   * payloads. With ENCRYPTION_KMS_KEY each is wrapped by that key; `loadKeys` unwraps them.
   */
  ENCRYPTION_KEYS: z.string().transform(parseEncryptionKeys),
  ENCRYPTION_KMS_KEY: z.string().optional(),
  ENCRYPTION_KMS_REGION: z.string().default('us-east-1'),
  ENCRYPTION_KMS_ENDPOINT: z.url().optional(),
  /** Ed25519 private key as a JWK in JSON; signs access tokens. */
  ACCESS_TOKEN_KEY: z.string(),

  /** Development and tests only: connections may point to loopback. Production refuses it. */
  OUTGOING_ALLOW_LOOPBACK: booleanText.default(false),
  /** Services of the operator at private addresses that connections may reach: names, addresses, ranges. */
  OUTGOING_ALLOWED_HOSTS: z.string().default('').transform(parseAllowedHosts),
  /** Name servers to ask whether a company's domain is proven, `address` or `address:port`; else those of the system. */
  OUTGOING_NAME_SERVERS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter(Boolean)),
  WORKER_METRICS_PORT: port.optional(),
});

const Environment = Settings.superRefine(({ ENCRYPTION_KEYS, ENCRYPTION_KMS_KEY }, context) => {
  if (ENCRYPTION_KMS_KEY !== undefined || ENCRYPTION_KEYS.every(({ key }) => key.length === 32)) return;
  context.addIssue({ code: 'custom', path: ['ENCRYPTION_KEYS'], message: keyForm });
});

/** All settings of a process. Read once at start-up; nothing else reads the environment. */
export type Configuration = z.infer<typeof Environment>;

export interface EncryptionKey {
  id: string;
  /** 32 bytes; longer while it is wrapped. */
  key: Buffer;
}

/** The settings can't be used. One sentence for each fault; no value is in them. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly faults: readonly string[]) {
    super(faults.join(' '));
  }
}

/** What a program ends with whose settings can't be used: EX_CONFIG of sysexits.h. Starting it again does not help. */
export const configurationExitCode = 78;

/**
 * Reads the configuration from environment variables (see .env.example).
 * Throws one ConfigurationError that names every variable that is missing, wrong or, in production, not safe; never
 * prints a value.
 */
export function readConfiguration(environment: NodeJS.ProcessEnv = process.env): Configuration {
  const present = withKeysOfFile(
    Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== '')),
  );
  const result = Environment.safeParse(present);
  if (!result.success) {
    const faults = result.error.issues.map(({ path, message }) => {
      const name = path.join('.');
      return `${name}: ${present[name] === undefined ? 'is missing' : message}.`;
    });
    throw new ConfigurationError(['The configuration is not usable, see .env.example.', ...faults]);
  }
  if (result.data.NODE_ENV !== 'production') return result.data;
  const faults = productionFaults(result.data, present);
  if (faults.length > 0) throw new ConfigurationError(['Not safe for production.', ...faults]);
  return result.data;
}

/** The address that users and vendors use to reach the API, without a trailing slash. */
export function publicUrl(configuration: Configuration): string {
  const url = configuration.PUBLIC_URL ?? `http://127.0.0.1:${configuration.PORT}`;
  return url.replace(/\/$/, '');
}

/** The keys of the file that is named, as if they were given themselves. */
function withKeysOfFile(given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { ENCRYPTION_KEYS_FILE: path, ENCRYPTION_KEYS } = given;
  if (path === undefined) return given;
  const refuse = (why: string) => new ConfigurationError([`ENCRYPTION_KEYS_FILE: ${why}.`]);
  if (ENCRYPTION_KEYS !== undefined) throw refuse('must not be set beside ENCRYPTION_KEYS');
  try {
    return { ...given, ENCRYPTION_KEYS: readKeyFile(path) };
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : 'could not be read');
  }
}

/** Names that Express knows for ranges of addresses. */
const addressRanges = new Set(['loopback', 'linklocal', 'uniquelocal']);

function parseTrustedProxies(text: string, context: z.RefinementCtx): number | string[] {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const addresses = text.split(',').map((entry) => entry.trim());
  const isKnown = (entry: string) =>
    addressRanges.has(entry) || ipaddr.isValid(entry) || ipaddr.isValidCIDR(entry);
  if (!addresses.every(isKnown)) {
    context.addIssue({
      code: 'custom',
      message:
        'must be a number of proxies, or addresses, ranges (10.0.0.0/8), loopback, linklocal, uniquelocal',
    });
  }
  return addresses;
}

function parseAllowedHosts(text: string, context: z.RefinementCtx): string[] {
  const entries = entriesOf(text);
  try {
    readTrustedHosts(entries);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be host names, addresses or ranges (10.1.0.0/16)' });
  }
  return entries;
}

function parseNetworks(text: string, context: z.RefinementCtx): string[] {
  return entriesOf(text).flatMap((entry) => {
    const network = canonicalNetwork(entry);
    if (network !== undefined) return [network];
    context.addIssue({ code: 'custom', message: 'must be addresses or ranges (10.1.0.0/16)' });
    return [];
  });
}

/** Exact origins, as a browser writes them. */
function parseOrigins(text: string, context: z.RefinementCtx): string[] {
  const entries = entriesOf(text);
  const isOrigin = (entry: string) => {
    const parsed = URL.canParse(entry) ? new URL(entry) : undefined;
    return parsed?.origin === entry && /^https?:$/.test(parsed.protocol) && !entry.includes('*');
  };
  if (!entries.every(isOrigin)) {
    context.addIssue({
      code: 'custom',
      message: 'must be origins such as https://app.example.com, without a path or *',
    });
  }
  return entries;
}

function entriesOf(text: string): string[] {
  return text.split(',').flatMap((entry) => entry.trim() || []);
}

/** Bytes: what a KMS makes of 32. */
const maxWrappedKey = 1_024;

function parseEncryptionKeys(text: string, context: z.RefinementCtx): EncryptionKey[] {
  const keys = text.split(',').map((entry) => {
    const [id = '', encoded = ''] = entry.split(':');
    const key = Buffer.from(encoded, 'base64');
    if (!/^[A-Za-z0-9_-]{1,32}$/.test(id) || key.length < 32 || key.length > maxWrappedKey) {
      context.addIssue({ code: 'custom', message: keyForm });
    }
    return { id, key };
  });
  if (new Set(keys.map(({ id }) => id)).size < keys.length)
    context.addIssue({ code: 'custom', message: 'no two keys may have the same id' });
  return keys;
}
