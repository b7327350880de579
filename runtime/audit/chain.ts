import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { canonicalJson } from '#core/canonical-json.js';
import { auditLog } from '#db/schema/index.js';

/** A row of the audit log as it is hashed: every column, in a form that is the same wherever it is read. */
export const sealedFields = {
  orgId: auditLog.orgId,
  id: auditLog.id,
  transactionId: auditLog.transactionId,
  /** Microseconds since 1970. */
  at: sql<string>`(extract(epoch FROM ${auditLog.at}) * 1000000)::bigint::text`,
  principalKind: auditLog.principalKind,
  principalId: auditLog.principalId,
  onBehalfOf: auditLog.onBehalfOf,
  sessionId: auditLog.sessionId,
  action: auditLog.action,
  targetId: auditLog.targetId,
  requestId: auditLog.requestId,
  runId: auditLog.runId,
  via: auditLog.via,
  detailsHash: auditLog.detailsHash,
};

export type SealedRow = { id: string } & Readonly<Record<string, string | null>>;

/** What the hash of a seal covers. */
export interface SealContent {
  orgId: string;
  number: number;
  firstPosition: number;
  lastPosition: number;
  chainEnd: string;
  horizon: string;
  /** ISO 8601, in milliseconds. */
  sealedAt: string;
  previousHash: string;
}

/** What the first row, and the first seal, of an organization follows upon. */
export function chainStart(orgId: string): string {
  return sha256(`worksynapse audit chain of ${orgId}`);
}

/** Hash of a row and, through the hash before it, of all rows before; SHA-256 of canonical JSON, hex. */
export function hashRow(previous: string, row: SealedRow): string {
  return sha256(canonicalJson({ ...row, previous }));
}

/** Hash of a seal and, through the hash before it, of all seals before; SHA-256 of canonical JSON, hex. */
export function hashSeal(content: SealContent): string {
  const { orgId, number, firstPosition, lastPosition, chainEnd, horizon, sealedAt, previousHash } = content;
  return sha256(
    canonicalJson({ orgId, number, firstPosition, lastPosition, chainEnd, horizon, sealedAt, previousHash }),
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
