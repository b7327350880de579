/** Secrets that are to be sealed anew. */
export interface VaultRotation {
  /** Null: of all organizations. */
  orgId: string | null;
  /** The key that they shall be sealed with. */
  keyId: string;
}
