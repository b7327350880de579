import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { httpStatus } from './http-status.js';
import { StartError } from './start-error.js';
import { SupervisedProcess, type Supervision } from './supervised-process.js';

/** Compiled programs of the application, as full paths. */
export interface Programs {
  migrations: string;
  api: string;
  worker: string;
}

/** Brings the database up to date. Throws StartError with the last line of the program's output. */
export async function runMigrations(
  program: string,
  urls: { ownerUrl: string; databaseUrl: string },
  signal: AbortSignal,
): Promise<void> {
  const env = { ...process.env, DATABASE_OWNER_URL: urls.ownerUrl, DATABASE_URL: urls.databaseUrl };
  try {
    await promisify(execFile)(process.execPath, ['--enable-source-maps', program], { env, signal });
  } catch (error) {
    signal.throwIfAborted();
    const output = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new StartError(`The database could not be migrated: ${output}`);
  }
}

/** API and worker as they run. */
export interface Application {
  /** The API first, so that nothing new comes in, then the worker. */
  stop(): Promise<void>;
}

/**
 * Starts API and worker with this environment and resolves when the API answers `GET /readyz` with 200.
 * Their output is that of this process. Throws StartError when one ends or is not ready in time.
 */
export async function startApplication(
  programs: Programs,
  address: string,
  env: NodeJS.ProcessEnv,
  supervision: Supervision,
): Promise<Application> {
  const shared = { command: process.execPath, env, readyTimeoutMs: 60_000, stopTimeoutMs: 10_000 };
  const worker = new SupervisedProcess(
    {
      ...shared,
      name: 'the worker',
      args: ['--enable-source-maps', programs.worker],
      // It takes work as soon as it can; the API tells when the whole is ready.
      isReady: async () => true,
      stopSignal: 'SIGTERM',
    },
    supervision,
  );
  const api = new SupervisedProcess(
    {
      ...shared,
      name: 'the API',
      args: ['--enable-source-maps', programs.api],
      isReady: async () => (await httpStatus(`${address}/readyz`)) === 200,
      stopSignal: 'SIGTERM',
    },
    supervision,
  );
  const stop = async (): Promise<void> => {
    await api.stop();
    await worker.stop();
  };
  try {
    await worker.start();
    await api.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}
