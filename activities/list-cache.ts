import { isReference, type PackedValue } from '#core/automation/packed-value.js';

/** Lists that are read again and again, a few items at a time. What a reference names never changes. */
const maxLists = 4;
/** Bytes of one list beyond which it is read anew each time. */
const maxListSize = 8 * 1024 * 1024;

export interface ListCache {
  get(orgId: string, packed: PackedValue, read: () => Promise<unknown>): Promise<unknown>;
}

/** Keeps the lists that were used last. */
export function createListCache(): ListCache {
  const known = new Map<string, Promise<unknown>>();
  return {
    get(orgId, packed, read) {
      if (!isReference(packed) || packed.size > maxListSize) return read();
      const key = `${orgId}/${packed.ref}`;
      const value = known.get(key) ?? read();
      known.delete(key);
      known.set(key, value);
      value.catch(() => known.delete(key));
      const [oldest] = known.keys();
      if (known.size > maxLists && oldest !== undefined) known.delete(oldest);
      return value;
    },
  };
}
