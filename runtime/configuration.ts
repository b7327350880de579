import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { readTrustedHosts } from './outgoing/trusted-hosts.js';

const booleanText = z.enum(['true', 'false']).transform((text) => text === 'true');
const port = z.coerce.number().int().min(0).max(65_535);

const Environment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),

  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(3000),
  /** Address under which users and vendors reach the API; webhook addresses are built from it. */
  PUBLIC_URL: z.url().optional(),

  /** Proxies in front whose X-Forwarded-For is believed: how many, or their addresses. 0: none. */
  TRUST_PROXY: z.string().default('0').transform(parseTrustedProxies),
  /** Serve the API's /metrics to any client; else only to one on the API's own host. */
  METRICS_PUBLIC: booleanText.default(false),

  /** The application's role: neither owner nor superuser. */
  DATABASE_URL: z.url(),
  /** The role that owns the schema; needed by migrations only. */
  DATABASE_OWNER_URL: z.url().optional(),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(200).default(20),

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

  /** `keyId:base64(32 bytes)`, newest first, comma-separated. Encrypts connection secrets and workflow payloads. */
  ENCRYPTION_KEYS: z.string().transform(parseEncryptionKeys),
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

/** All settings of a process. Read once at start-up; nothing else reads the environment. */
export type Configuration = z.infer<typeof Environment>;

export interface EncryptionKey {
  id: string;
  key: Buffer;
}

/**
 * Reads the configuration from environment variables (see .env.example).
 * Throws one Error that names every variable that is missing or wrong; never prints a value.
 */
export function readConfiguration(environment: NodeJS.ProcessEnv = process.env): Configuration {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = Environment.safeParse(present);
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) => {
      const name = path.join('.');
      return `${name}: ${present[name] === undefined ? 'is missing' : message}`;
    });
    throw new Error(`The configuration is not usable. ${problems.join('; ')}. See .env.example.`);
  }
  refuseUnsafeProduction(result.data);
  return result.data;
}

/** The address that users and vendors use to reach the API, without a trailing slash. */
export function publicUrl(configuration: Configuration): string {
  const url = configuration.PUBLIC_URL ?? `http://127.0.0.1:${configuration.PORT}`;
  return url.replace(/\/$/, '');
}

function refuseUnsafeProduction(configuration: Configuration): void {
  if (configuration.NODE_ENV !== 'production') return;
  const problems: string[] = [];
  if (configuration.OUTGOING_ALLOW_LOOPBACK) problems.push('OUTGOING_ALLOW_LOOPBACK must not be true');
  if (readTrustedHosts(configuration.OUTGOING_ALLOWED_HOSTS).includesLoopback)
    problems.push('OUTGOING_ALLOWED_HOSTS must not name loopback');
  if (!configuration.REDIS_URL) problems.push('REDIS_URL is required');
  if (!configuration.PUBLIC_URL) problems.push('PUBLIC_URL is required');
  if (configuration.MAIL_URL && !configuration.MAIL_FROM) problems.push('MAIL_URL needs MAIL_FROM');
  if (configuration.DEV_MAILBOX_FOLDER) problems.push('DEV_MAILBOX_FOLDER must not be set');
  if (problems.length > 0) throw new Error(`Not safe for production: ${problems.join('; ')}.`);
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
  const entries = text.split(',').flatMap((entry) => entry.trim() || []);
  try {
    readTrustedHosts(entries);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be host names, addresses or ranges (10.1.0.0/16)' });
  }
  return entries;
}

function parseEncryptionKeys(text: string, context: z.RefinementCtx): EncryptionKey[] {
  return text.split(',').map((entry) => {
    const [id = '', encoded = ''] = entry.split(':');
    const key = Buffer.from(encoded, 'base64');
    if (!/^[A-Za-z0-9_-]{1,32}$/.test(id) || key.length !== 32) {
      context.addIssue({ code: 'custom', message: 'each entry must be keyId:base64 of 32 bytes' });
    }
    return { id, key };
  });
}
