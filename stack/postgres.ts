import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type PostgresAccount, postgresAccount } from './postgres-account.js';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.js';
import { freeDataFolder, isAcceptingConnections } from './postgres-folder.js';
import { StartError } from './start-error.js';
import { SupervisedProcess, type Supervision } from './supervised-process.js';
import { firstClosedFolder } from './traversable.js';

export interface PostgresOptions {
  home: string;
  port: number;
  /** Password of user postgres, the owner. Given to the cluster when it is made. */
  ownerPassword: string;
}

const majorVersion = '18';

/**
 * Makes the cluster in <home>/postgres on the first start and runs it on 127.0.0.1. Durable: fsync stays on.
 * Throws StartError when the folder cannot be reached by PostgreSQL's user or the server does not come up.
 */
export async function startPostgres(
  options: PostgresOptions,
  supervision: Supervision,
): Promise<SupervisedProcess> {
  const account = postgresAccount();
  requireReachable(options.home, account);
  const binaries = findPostgresBinaries(options.home, account !== undefined);
  const folder = join(options.home, 'postgres');
  if (!existsSync(folder)) await initializeCluster(binaries, folder, options.ownerPassword, account);
  requireVersion(folder);
  const server: SupervisedProcess = new SupervisedProcess(
    {
      name: 'PostgreSQL',
      command: binaries.postgres,
      args: ['-D', folder, '-p', String(options.port), ...serverSettings()],
      env: { ...process.env, LC_MESSAGES: 'C' },
      cwd: folder,
      account,
      logFile: join(options.home, 'logs', 'postgres.log'),
      isReady: async () => isAcceptingConnections(folder, server.pid),
      readyTimeoutMs: 120_000,
      stopSignal: 'SIGINT',
      stopTimeoutMs: 20_000,
      beforeStart: () => freeDataFolder(folder),
    },
    supervision,
  );
  await server.start();
  return server;
}

/** Connection string of the cluster's owner. */
export function postgresOwnerUrl(port: number, ownerPassword: string): string {
  return `postgres://postgres:${ownerPassword}@127.0.0.1:${port}/postgres`;
}

function serverSettings(): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    fsync: 'on',
    synchronous_commit: 'on',
    // A table that grows by thousands in a minute is planned for as it is, not as it was.
    autovacuum_naptime: '5s',
    // Commits wait while a new segment of the log is filled with zeros, which only copy-on-write folders gain from.
    wal_init_zero: 'off',
    log_timezone: 'UTC',
    timezone: 'UTC',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Builds the cluster beside its place and moves it there when it is whole, so that a killed first start leaves none. */
async function initializeCluster(
  binaries: PostgresBinaries,
  folder: string,
  ownerPassword: string,
  account: PostgresAccount | undefined,
): Promise<void> {
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  const passwordFile = `${unfinished}.password`;
  writeFileSync(passwordFile, `${ownerPassword}\n`, { mode: 0o600 });
  if (account) for (const path of [unfinished, passwordFile]) chownSync(path, account.uid, account.gid);
  const flags = [
    `--pgdata=${unfinished}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The same order of text on every machine, whatever locales it has.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
  ];
  try {
    await promisify(execFile)(binaries.initdb, flags, { cwd: unfinished, ...account });
  } catch (error) {
    const output = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new StartError(
      `PostgreSQL's data folder ${folder} could not be made: ${output.split('\n').at(-1)}`,
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(unfinished, folder);
}

function requireReachable(home: string, account: PostgresAccount | undefined): void {
  const closed = account && firstClosedFolder(home);
  if (!closed) return;
  throw new StartError(
    `PostgreSQL runs as user postgres, who cannot enter ${closed}; set WORKSYNAPSE_HOME to a folder outside it, such as /var/lib/worksynapse.`,
  );
}

function requireVersion(folder: string): void {
  const version = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();
  if (version === majorVersion) return;
  throw new StartError(
    `${folder} was made by PostgreSQL ${version}, and this is ${majorVersion}; dump it with the old version, or set WORKSYNAPSE_HOME to a new folder.`,
  );
}
