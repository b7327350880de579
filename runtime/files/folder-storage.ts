import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ObjectStorage } from './object-storage.js';

/** Objects as files below one folder, for one host. */
export function createFolderStorage(folder: string): ObjectStorage {
  return {
    async put(key, content) {
      const path = join(folder, key);
      const unfinished = `${path}.${randomUUID()}`;
      await mkdir(dirname(path), { recursive: true });
      await writeFile(unfinished, content, { mode: 0o600, flush: true });
      await rename(unfinished, path);
    },
    get: (key) =>
      readFile(join(folder, key)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      }),
    removeAll: (orgId) => rm(join(folder, orgId), { recursive: true, force: true }),
    remove: (key) => rm(join(folder, key), { force: true }),
  };
}
