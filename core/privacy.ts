/** An export that is carried out. */
export interface ExportReference {
  orgId: string;
  exportId: string;
}

/** A part of a store as far as it is written: `<folder>/<number>` for as many pieces, numbered from 0. */
export interface ExportedPart {
  store: string;
  part: string;
  pieces: number;
  rows: number;
}

/** How far an export has come. */
export interface ExportProgress {
  /** Parts that are written, then the one that is being written. */
  parts: readonly ExportedPart[];
  /** Parts that are not begun. */
  ahead: readonly { store: string; part: string }[];
  /** Where the present part goes on; null: at its beginning. */
  after: Readonly<Record<string, unknown>> | null;
}

/** An erasure that is carried out. */
export interface ErasureReference {
  orgId: string;
  erasureId: string;
}

/** What an erasure does at a time: a part of a store is gone through to erase, or to see whether something is left. */
export interface ErasurePortion {
  store: string;
  part: string;
  after: Readonly<Record<string, unknown>> | null;
}
