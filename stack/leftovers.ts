import { signalGroup } from './process-group.js';
import { processIdentity } from './process-identity.js';
import type { RecordedProcess, StackRecord } from './stack-record.js';
import { StartError } from './start-error.js';
import { waitUntil } from './wait-until.js';

/** The name under which the process that owns a stack stands in its record. */
export const ownerName = 'launcher';

/**
 * Makes this process the owner of the data folder: refuses when another stack runs from it, and stops what an owner
 * that was killed left behind, in the order application, services.
 * Throws StartError when the folder is in use or a leftover does not go away.
 */
export async function claimHome(
  record: StackRecord,
  home: string,
  log: (line: string) => void,
): Promise<void> {
  const alive = record.read().filter((entry) => processIdentity(entry.pid) === entry.identity);
  const owner = alive.find((entry) => entry.name === ownerName);
  if (owner) {
    throw new StartError(
      `WorkSynapse already runs from ${home} (process ${owner.pid}); stop it first, or set WORKSYNAPSE_HOME to another folder.`,
    );
  }
  for (const entry of [...alive].reverse()) {
    log(`stopping ${entry.name} (process ${entry.pid}), left by a start that was killed`);
    await stopLeftover(entry);
  }
  record.clear();
  record.add(ownerName, process.pid, 'SIGTERM');
}

async function stopLeftover(entry: RecordedProcess): Promise<void> {
  const isGone = (): boolean => processIdentity(entry.pid) !== entry.identity;
  signalGroup(entry.pid, entry.stopSignal);
  if (await waitUntil(isGone, 10_000)) return;
  signalGroup(entry.pid, 'SIGKILL');
  if (await waitUntil(isGone, 5_000)) return;
  throw new StartError(
    `${entry.name} (process ${entry.pid}) of an earlier start does not stop; end it and try again.`,
  );
}
