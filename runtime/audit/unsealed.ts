import { and, desc, type SQL, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { auditLog, auditSeals } from '#db/schema/index.js';

export type Seal = typeof auditSeals.$inferSelect;

/** How far an organization's log is sealed, and what the server can promise at this moment. */
export interface SealState {
  /** The newest seal; undefined where nothing has been sealed yet. */
  seal: Seal | undefined;
  /** The oldest transaction that was open, or the next one to come: all before it are over and can be seen. */
  oldestOpen: string;
}

export async function readSealState(db: Transaction): Promise<SealState> {
  // In this order: rows that are committed in between are at the new horizon or beyond it.
  const [[server], [seal]] = await Promise.all([
    db.execute<{ oldest: string }>(sql`SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS oldest`),
    db.select().from(auditSeals).orderBy(desc(auditSeals.number)).limit(1),
  ]);
  if (!server) throw new Error('The server does not tell its oldest transaction');
  return { seal, oldestOpen: server.oldest };
}

/** The condition for rows of `audit_log` that have no place in the chain yet. */
export function isUnsealed({ seal, oldestOpen }: SealState): SQL | undefined {
  const hasNoPlace = sql`NOT EXISTS (SELECT FROM audit_chain
    WHERE audit_chain.org_id = ${auditLog.orgId} AND audit_chain.audit_id = ${auditLog.id})`;
  if (!seal || isOfAnotherServer(seal, oldestOpen)) return hasNoPlace;
  const { transactionId } = auditLog;
  // What is beyond the newest transaction comes from another server, and has had its place since the first look at all.
  return and(
    sql`${transactionId} >= ${seal.horizon}::xid8 AND ${transactionId} < pg_snapshot_xmax(pg_current_snapshot())`,
    hasNoPlace,
  );
}

/**
 * True where the horizon lies beyond every transaction of this server: the database was made from a dump, and
 * transactions are counted anew. All rows have to be looked at then, until those without a place are sealed.
 */
export function isOfAnotherServer(seal: Seal | undefined, oldestOpen: string): boolean {
  return seal !== undefined && BigInt(seal.horizon) > BigInt(oldestOpen);
}
