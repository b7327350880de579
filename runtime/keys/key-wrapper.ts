/** A service that holds a key which never leaves it, and with it encrypts keys of ours: the port to a KMS or an HSM. */
export interface KeyWrapper {
  /** Encrypts a key under a name, which is authenticated with it. */
  wrap(name: string, key: Buffer): Promise<Buffer>;
  /** Throws where it was not wrapped there, or under another name. */
  unwrap(name: string, wrapped: Buffer): Promise<Buffer>;
}
