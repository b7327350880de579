import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

const ofThisHost = `worksynapse-export-${hostname()}-`;
/** Process ids are given again, in containers always the same. */
const ofThisProcess = `${ofThisHost}${process.pid}-${randomUUID()}-`;

/** Makes an empty folder of this process for an archive that is being made. Its maker removes it. */
export async function makeArchiveFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), ofThisProcess));
}

/** Removes what processes of this host left that ended while they made an archive: it holds data of people. */
export async function removeLeftArchives(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(ofThisHost) || name.startsWith(ofThisProcess)) continue;
    const maker = Number.parseInt(name.slice(ofThisHost.length), 10);
    if (maker === process.pid || !isAlive(maker)) {
      await rm(join(tmpdir(), name), { recursive: true, force: true });
    }
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // A process of somebody else may not be asked.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
