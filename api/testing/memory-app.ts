import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { type Catalogue, createCatalogue } from '#core/catalogue.js';
import type { Connector, FileStore } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import { createAccessTokens } from '#runtime/access-tokens.js';
import { noTextStreams } from '#runtime/agents/text-streams/text-streams.js';
import { createApprovalLinks } from '#runtime/approval-links.js';
import type { Caller } from '#runtime/caller.js';
import { readConfiguration } from '#runtime/configuration.js';
import type { Hook, IncomingDelivery } from '#runtime/deliveries.js';
import type { Action } from '#runtime/domain.js';
import { createDownloadLinks } from '#runtime/download-links.js';
import { createFolderStorage } from '#runtime/files/folder-storage.js';
import { createSubscriptions } from '#runtime/hub/subscriptions.js';
import type { Perform, PerformOptions } from '#runtime/perform/perform.js';
import type { RequestRates } from '#runtime/rates/request-rates.js';
import type { ApiApp } from '../api-app.js';
import { createServer } from '../server.js';
import type { ServerOptions } from '../server-options.js';

export const orgId = '0198c0de-0000-7000-8000-00000000000a';
export const userId = '0198c0de-0000-7000-8000-00000000000b';
export const sessionId = '0198c0de-0000-7000-8000-00000000000c';
export const apiKey = 'wsk_test';

export interface PerformedCall {
  caller: Caller;
  action: string;
  input: unknown;
  options: PerformOptions | undefined;
}

export interface MemoryAppOptions {
  actions?: readonly Action[];
  connectors?: readonly Connector[];
  hooks?: readonly Hook[];
  environment?: Record<string, string>;
  perform?: Perform;
  requestRates?: RequestRates;
  /** Services that do not answer. */
  down?: readonly ('database' | 'engine')[];
}

/** What tests of HTTP itself stand on: an app of small functions in memory, which remembers what it was asked. */
export interface MemoryApp extends ApiApp {
  calls: PerformedCall[];
  deliveries: IncomingDelivery[];
  /** Log lines, parsed. */
  logs: Record<string, unknown>[];
  accessToken(): Promise<string>;
}

export async function memoryApp(options: MemoryAppOptions = {}): Promise<MemoryApp> {
  const calls: PerformedCall[] = [];
  const deliveries: IncomingDelivery[] = [];
  const logs: Record<string, unknown>[] = [];
  const privateJwk = JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }));
  const accessTokens = await createAccessTokens(privateJwk);
  const subscriptions = createSubscriptions();
  const catalogue = catalogueOf(options);
  const ping = (name: 'database' | 'engine') => async () => {
    if (options.down?.includes(name)) throw new Error(`${name} is down: password=hunter2`);
  };

  return {
    calls,
    deliveries,
    logs,
    accessToken: () => accessTokens.issue({ userId, orgId, sessionId }),
    services: {
      configuration: readConfiguration({ ...environment(privateJwk), ...options.environment }),
      logger: pino({ level: 'debug' }, collectLines(logs)),
      catalogue,
      accessTokens,
      callCount: { count: () => undefined, flush: async () => {}, close: async () => {} },
      requestRates: options.requestRates ?? { count: async () => ({ state: 'unlimited' }), close: () => {} },
      approvalLinks: await createApprovalLinks(privateJwk),
      downloadLinks: await createDownloadLinks(privateJwk),
      textStreams: noTextStreams,
      storage: createFolderStorage('/nonexistent'),
      database: { ping: ping('database') },
      engine: { ping: ping('engine') },
      hub: {
        publish: subscriptions.deliver,
        subscribe: (topic, listener) => {
          subscriptions.add(topic, listener);
          return () => subscriptions.remove(topic, listener);
        },
        ping: async () => {},
        close: async () => {},
      },
      files: () => ({ ...noFiles, withoutQuota: noFiles, remove: async () => {} }),
    },
    perform: async (caller, action, input, performOptions) => {
      calls.push({ caller, action, input, options: performOptions });
      return options.perform?.(caller, action, input, performOptions);
    },
    permittedActions: async () => [...catalogue.actions.values()],
    intake: {
      async findHook(key) {
        const hook = options.hooks?.find(({ hookKey }) => hookKey === key);
        if (!hook) throw new AppError('not_found', `no row for ${key}`);
        return hook;
      },
      async accept(delivery) {
        const sameAs = ({ hookKey, externalId }: IncomingDelivery) =>
          hookKey === delivery.hookKey && externalId === delivery.externalId;
        const isNew = !deliveries.some(sameAs);
        if (isNew) deliveries.push(delivery);
        return { deliveryId: `delivery-${deliveries.findIndex(sameAs) + 1}`, isNew };
      },
      async acceptWaited(delivery) {
        deliveries.push(delivery);
        return { deliveryId: `delivery-${deliveries.length}`, isNew: true, runId: 'run-1' };
      },
    },
    waitForRun: async () => ({ kind: 'unfinished' }),
    async resolveScimToken() {
      throw new AppError('unauthenticated', 'This SCIM token is not valid');
    },
    async resolveApiKey(key) {
      if (key !== apiKey) throw new AppError('unauthenticated', 'This API key is not valid');
      return { kind: 'api_key', orgId, keyId: userId, userId, scopes: ['*'] };
    },
  };
}

/** A served app. Close it in `after`. */
export interface ServedApp {
  url: string;
  port: number;
  close(): Promise<void>;
}

export async function serve(app: ApiApp, options: ServerOptions = {}): Promise<ServedApp> {
  const server = createHttpServer(createServer(app, options));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function environment(privateJwk: string): Record<string, string> {
  return {
    NODE_ENV: 'test',
    PUBLIC_URL: 'https://work.example',
    DATABASE_URL: 'postgres://nobody@127.0.0.1/none',
    ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
    ACCESS_TOKEN_KEY: privateJwk,
  };
}

function catalogueOf({ actions = [], connectors = [] }: MemoryAppOptions): Catalogue<Action> {
  return createCatalogue([{ name: 'test', description: 'What tests do.', actions, events: [] }], connectors);
}

function collectLines(lines: Record<string, unknown>[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
}

const noFiles: FileStore = {
  put: async (content, contentType) => ({ sha256: '', size: content.length, contentType }),
  get: async () => {
    throw new AppError('not_found', 'no files here');
  },
  requireRoom: async () => {},
};
