import type { ObjectStorage } from './object-storage.js';

/** A write that has not changed for so long is that of a process that died. */
const abandonedMs = 600_000;

/** Removes what processes that died in the middle of a write have left below a folder. Returns how many. */
export async function removeAbandoned(storage: ObjectStorage, folder: string): Promise<number> {
  let count = 0;
  for await (const { key, changedAt } of storage.listUnfinished(folder)) {
    if (changedAt.getTime() > Date.now() - abandonedMs) continue;
    await storage.remove(key);
    count += 1;
  }
  return count;
}
