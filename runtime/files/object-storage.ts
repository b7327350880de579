/** Bytes under a key: a folder, or a bucket. Keys are `org/sha256`. */
export interface ObjectStorage {
  /** Writes whole objects only: a reader never sees half of one. Writing the same key again is harmless. */
  put(key: string, content: Uint8Array, contentType: string): Promise<void>;
  /** Undefined if there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Removes every object of an organization; none is no error. */
  removeAll(orgId: string): Promise<void>;
  /** Harmless if there is none. */
  remove(key: string): Promise<void>;
}
