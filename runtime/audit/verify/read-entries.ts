import { and, asc, eq, gt, lte } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { auditChain, auditDetails, auditLog } from '#db/schema/index.js';
import { type SealedRow, sealedFields } from '../chain.js';

/** An entry of the chain with what the log has of it. */
export type ChainEntry = Awaited<ReturnType<typeof readEntries>>[number];

/** Entries of the chain after one position and up to another, in their order. */
export async function readEntries(
  db: Transaction,
  orgId: string,
  { after, through, limit }: { after: number; through: number; limit: number },
) {
  const rows = await db
    .select({
      position: auditChain.position,
      auditId: auditChain.auditId,
      hash: auditChain.hash,
      foundId: auditLog.id,
      row: sealedFields,
      detailsOf: auditDetails.auditId,
      salt: auditDetails.salt,
      content: auditDetails.content,
      erasedAt: auditDetails.erasedAt,
    })
    .from(auditChain)
    .leftJoin(auditLog, and(eq(auditLog.orgId, auditChain.orgId), eq(auditLog.id, auditChain.auditId)))
    .leftJoin(
      auditDetails,
      and(eq(auditDetails.orgId, auditChain.orgId), eq(auditDetails.auditId, auditChain.auditId)),
    )
    .where(
      and(eq(auditChain.orgId, orgId), gt(auditChain.position, after), lte(auditChain.position, through)),
    )
    .orderBy(asc(auditChain.position))
    .limit(limit);
  return rows.map(({ foundId, row, ...entry }) => ({
    ...entry,
    /** Undefined where the log has no such row. */
    row: foundId === null || row === null ? undefined : ({ ...row, id: foundId } satisfies SealedRow),
  }));
}
