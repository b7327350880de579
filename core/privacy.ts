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

/** A part of a store that an erasure goes through: a table, a collection. */
export interface ErasurePart {
  store: string;
  part: string;
}

/** Where in a part an erasure goes on; null: at its beginning, or done. */
export type ErasurePlace = Readonly<Record<string, unknown>> | null;

/** How many rows, files or vectors, by `store.part`. */
export type ErasureCounts = Readonly<Record<string, number>>;
