import type { ObjectStorage } from '../../files/object-storage.js';
import { Tombstone, tombstoneFolder, tombstoneKey } from './tombstone.js';

/** Keeps a tombstone. Keeping it again changes nothing. */
export async function keepTombstone(storage: ObjectStorage, tombstone: Tombstone): Promise<void> {
  await storage.put(tombstoneKey(tombstone), Buffer.from(JSON.stringify(tombstone)), 'application/json');
}

/** Keys of all tombstones, by organization. */
export async function tombstonesByOrganization(storage: ObjectStorage): Promise<Map<string, string[]>> {
  const keys = new Map<string, string[]>();
  for await (const key of storage.list(tombstoneFolder)) {
    const [, orgId = '', name = ''] = key.split('/');
    // What a process has not finished writing has a longer name.
    if (!/^([0-9a-f-]{36}|organization)$/.test(name)) continue;
    keys.set(orgId, [...(keys.get(orgId) ?? []), key]);
  }
  return keys;
}

/** Undefined for one that is gone. Throws for what is none. */
export async function readTombstone(storage: ObjectStorage, key: string): Promise<Tombstone | undefined> {
  const content = await storage.get(key);
  return content && Tombstone.parse(JSON.parse(Buffer.from(content).toString('utf8')));
}
