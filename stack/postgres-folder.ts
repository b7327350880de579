import { readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { processCommand } from './process-identity.js';
import { StartError } from './start-error.js';
import { waitUntil } from './wait-until.js';

/** Whether the server with this process number accepts connections, by what it writes to postmaster.pid. */
export function isAcceptingConnections(folder: string, pid: number | undefined): boolean {
  // Line 8 is the state, as pg_ctl reads it (PostgreSQL: src/include/utils/pidfile.h).
  const lines = readPidFile(folder);
  return pid !== undefined && Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}

/**
 * Makes the data folder free for a new server after a kill -9: stops a server that still runs on it, waits until
 * backends of a dead one have gone, and removes a pid file whose number belongs to another program by now.
 * Throws StartError when an old server does not stop.
 */
export async function freeDataFolder(folder: string): Promise<void> {
  const pid = Number(readPidFile(folder)[0]);
  const command = Number.isInteger(pid) && pid > 1 ? processCommand(pid) : undefined;
  if (command?.includes(folder)) {
    process.kill(pid, 'SIGINT');
    if (!(await waitUntil(() => processCommand(pid) === undefined, 20_000))) {
      throw new StartError(`An earlier PostgreSQL (process ${pid}) does not stop; end it and try again.`);
    }
  } else if (command !== undefined) {
    rmSync(join(folder, 'postmaster.pid'), { force: true });
  }
  if (await waitUntil(() => processesIn(folder).length === 0, 10_000)) return;
  // Without their server they can only hold its shared memory.
  for (const orphan of processesIn(folder)) process.kill(orphan, 'SIGKILL');
}

function readPidFile(folder: string): string[] {
  try {
    return readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

/** PostgreSQL's processes have the data folder as their working folder (Linux only; elsewhere the answer is none). */
function processesIn(folder: string): number[] {
  if (process.platform !== 'linux') return [];
  const target = realpathSync(folder);
  return readdirSync('/proc')
    .map(Number)
    .filter(
      (pid) => pid > 1 && workingFolder(pid) === target && processCommand(pid)?.startsWith('postgres:'),
    );
}

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}
