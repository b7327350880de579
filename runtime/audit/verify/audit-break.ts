/** What can be wrong at the first place where the log is not what was sealed. */
export const breakKinds = [
  'edited',
  'details_edited',
  'removed',
  'details_removed',
  'inserted',
  'reordered',
  'seal_mismatch',
  'anchor_mismatch',
] as const;

export interface AuditBreak {
  kind: (typeof breakKinds)[number];
  /** In the chain; null for a row that has no place there. */
  position: number | null;
  /** Of the audit entry; null where it can't be told. */
  auditId: string | null;
  /** Number of the seal, of a break in the seals. */
  seal: number | null;
}

/** A break at a position of the chain. */
export function breakAt(
  kind: AuditBreak['kind'],
  position: number,
  auditId: string | null = null,
): AuditBreak {
  return { kind, position, auditId, seal: null };
}

/** A break in the seals themselves. */
export function brokenSeal(
  kind: 'seal_mismatch' | 'anchor_mismatch',
  { number, firstPosition }: { number: number; firstPosition: number | null },
): AuditBreak {
  return { kind, position: firstPosition, auditId: null, seal: number };
}
