import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ObjectStorage } from './object-storage.js';

/** What a file is called until it is whole: its place with a UUID behind it. */
const unfinishedName = /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Objects as files below one folder, for one host. */
export function createFolderStorage(folder: string): ObjectStorage {
  /** Has a file written beside its place, and puts it there when it is whole. */
  async function place(key: string, write: (unfinished: string) => Promise<void>): Promise<void> {
    const path = join(folder, key);
    const unfinished = `${path}.${randomUUID()}`;
    await mkdir(dirname(path), { recursive: true });
    await write(unfinished);
    await rename(unfinished, path);
  }

  async function keysBelow(below: string): Promise<string[]> {
    const entries = await readdir(join(folder, below), { recursive: true, withFileTypes: true }).catch(
      undefinedIfAbsent,
    );
    return (entries ?? []).flatMap((entry) =>
      entry.isFile() ? [join(entry.parentPath, entry.name).slice(join(folder, '/').length)] : [],
    );
  }

  return {
    put: (key, content) => place(key, (path) => writeFile(path, content, { mode: 0o600, flush: true })),
    putFile: (key, source) =>
      place(key, async (path) => {
        await copyFile(source, path);
        const file = await open(path, 'r+');
        await file.chmod(0o600);
        await file.sync();
        await file.close();
      }),
    get: (key) => readFile(join(folder, key)).catch(undefinedIfAbsent),
    getStream: async (key) => {
      const file = await open(join(folder, key)).catch(undefinedIfAbsent);
      return file?.createReadStream();
    },
    async *list(below) {
      for (const key of await keysBelow(below)) if (!unfinishedName.test(key)) yield key;
    },
    async *listUnfinished(below) {
      for (const key of await keysBelow(below)) {
        if (!unfinishedName.test(key)) continue;
        // It may have been finished meanwhile.
        const found = await stat(join(folder, key)).catch(undefinedIfAbsent);
        if (found) yield { key, changedAt: found.mtime };
      }
    },
    removeAll: (below) => rm(join(folder, below), { recursive: true, force: true }),
    remove: (key) => rm(join(folder, key), { force: true }),
  };
}

function undefinedIfAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
