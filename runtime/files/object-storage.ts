import type { Readable } from 'node:stream';

/** Bytes under a key: a folder, or a bucket. Keys are `org/sha256`, and `org/exports/…` for archives. */
export interface ObjectStorage {
  /** Writes whole objects only: a reader never sees half of one. Writing the same key again is harmless. */
  put(key: string, content: Uint8Array, contentType: string): Promise<void>;
  /** Like put, of a file on this host, which is never held in memory as a whole. */
  putFile(key: string, path: string, contentType: string): Promise<void>;
  /** Undefined if there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Like get, piece by piece. */
  getStream(key: string): Promise<Readable | undefined>;
  /** Keys below a folder, in no order. */
  list(folder: string): AsyncIterable<string>;
  /**
   * What processes that died in the middle of a write have left below a folder, and what is being written there, each with
   * the moment of its last change. It has a key that is no object's, by which `get` and `remove` find it.
   */
  listUnfinished(folder: string): AsyncIterable<{ key: string; changedAt: Date }>;
  /** Removes every object below a folder; none is no error. */
  removeAll(folder: string): Promise<void>;
  /** Harmless if there is none. */
  remove(key: string): Promise<void>;
}
