import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { guardTransactions } from './guard-transactions.js';
import { insideTransaction } from './open-transactions.js';
import * as schema from './schema/index.js';

/** One transaction. Sees and writes rows of its organization only. */
export type Transaction = Parameters<Parameters<PostgresJsDatabase<typeof schema>['transaction']>[0]>[0];

/** Name and value of a setting that holds for one transaction, such as `app.org_id`. */
export type Setting = readonly [name: string, value: string];

export interface Pool {
  /** Runs `work` in a transaction; the setting is made before its first statement. */
  transaction<Result>(
    work: (transaction: Transaction) => Promise<Result>,
    setting?: Setting,
  ): Promise<Result>;
  /** The driver itself, for statements outside of transactions. Changes when a connection was lost. */
  readonly client: postgres.Sql;
  close(): Promise<void>;
}

/** How long transactions may go on in a pool that has been replaced, and at the end of the process. */
const endSeconds = 5;

/** The driver's own pauses grow to 20 s with every failed connection of the pool, long after the server is back. */
const reconnectPauseSeconds = (failures: number) => Math.min(0.1 * failures, 1);

/**
 * A pool that outlives a restart of the server. postgres.js 3.4.9 can keep, of a connection that was lost, one that
 * never answers again, so a pool that has lost one is replaced as a whole.
 */
export function openPool(url: string, size: number): Pool {
  let current = connect(url, size);
  const endings = new Set<Promise<void>>();

  function replace(lost: typeof current): void {
    if (lost !== current) return;
    current = connect(url, size);
    const ending = lost.client.end({ timeout: endSeconds });
    endings.add(ending);
    void ending.finally(() => endings.delete(ending));
  }

  return {
    get client() {
      return current.client;
    },
    async transaction(work, setting) {
      const used = current;
      try {
        return await used.transaction(work, setting);
      } catch (error) {
        if (isConnectionLoss(error)) replace(used);
        throw error;
      }
    },
    async close() {
      await Promise.all([...endings, current.client.end({ timeout: endSeconds })]);
    },
  };
}

/** PostgreSQL's own numbers for the types text[] and uuid[]. */
const oid = { text: 1009, uuid: 2951 };

/** Lists as parameters. Lists in results are read by drizzle, by their columns. */
function arrayOf(type: number) {
  const quote = (item: string) => `"${item.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  return {
    to: type,
    from: [],
    serialize: (items: string | readonly string[]) =>
      typeof items === 'string' ? items : `{${items.map(quote).join(',')}}`,
    parse: (text: string) => text,
  };
}

function connect(url: string, size: number) {
  const client = postgres(url, {
    max: size,
    onnotice: () => {},
    connect_timeout: 10,
    idle_timeout: 300,
    backoff: reconnectPauseSeconds,
    // Its own look-up of array types ends the process when the connection is lost in the middle of it.
    fetch_types: false,
    types: { texts: arrayOf(oid.text), uuids: arrayOf(oid.uuid) },
  });
  const entry: { setting: Setting | undefined } = { setting: undefined };
  prepareTransactions(client, entry);
  const database = drizzle(guardTransactions(client), { schema });
  // drizzle hands timestamps through as PostgreSQL writes them; the API speaks ISO 8601.
  client.options.parsers[1184] = (text: string) => new Date(text).toISOString();
  return {
    client,
    transaction<Result>(
      work: (transaction: Transaction) => Promise<Result>,
      setting?: Setting,
    ): Promise<Result> {
      // drizzle calls the driver's begin in this very turn, which takes the setting out again.
      entry.setting = setting;
      return database.transaction((transaction) => insideTransaction(() => work(transaction)));
    },
  };
}

/**
 * drizzle sends its queries as unnamed statements: PostgreSQL plans each anew, and the client asks for a description
 * and waits before it sends the values. Within transactions, where all of ours run, they become named ones: planned
 * once a connection, sent at once, several of them on the way together. The transaction's setting goes ahead of them
 * in the same packet; should it fail, so does every statement after it.
 */
function prepareTransactions(client: postgres.Sql, entry: { setting: Setting | undefined }): void {
  const begin = client.begin.bind(client);
  const prepared = <Result>(work: (transaction: postgres.TransactionSql) => Result | Promise<Result>) => {
    const { setting } = entry;
    entry.setting = undefined;
    return begin((transaction) => {
      const { unsafe } = transaction;
      transaction.unsafe = (query, parameters, options) =>
        unsafe(query, parameters, { ...options, prepare: true });
      if (setting) transaction.unsafe('SELECT set_config($1, $2, true)', [...setting]).catch(() => {});
      return work(transaction);
    });
  };
  client.begin = prepared as typeof client.begin;
}

/** The driver's and the socket's words for it, and the server's own (57P01, 57P02: it ends the connection). */
const lossCodes = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNRESET',
  'EPIPE',
  '57P01',
  '57P02',
]);

function isConnectionLoss(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && lossCodes.has(String(cause.code))) return true;
  }
  return false;
}
