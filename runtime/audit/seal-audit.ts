import { and, asc, eq, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { auditLog, auditSeals } from '#db/schema/index.js';
import { timeOrderedId } from '../outbox.js';
import { writeRecords } from '../records.js';
import type { Services } from '../services.js';
import { auditSealed } from './audit-events.js';
import { chainStart, hashRow, hashSeal, type SealedRow, sealedFields } from './chain.js';
import { isOfAnotherServer, isUnsealed, readSealState, type Seal, type SealState } from './unsealed.js';

/** Most rows of one seal: bounds what a transaction holds in memory, and how long it takes. */
const maxRows = 1_000;

export interface SealOutcome {
  /** Rows that have got their place. */
  sealed: number;
  /** There may be more, or somebody else is at work for this organization. */
  isIncomplete: boolean;
}

/**
 * Gives the audit rows of an organization their places in the chain, and closes them with a seal. Rows are seen when
 * their transaction is committed, so what commits later comes later. Nobody who writes waits for it; of several who
 * seal at once, one does.
 */
export async function sealAudit(
  { database, logger }: Pick<Services, 'database' | 'logger'>,
  orgId: string,
  now = new Date(),
): Promise<SealOutcome> {
  return database.withOrg(orgId, async (db) => {
    const [lock] = await db.execute<{ taken: boolean }>(
      sql`SELECT pg_try_advisory_xact_lock(hashtextextended(${`audit ${orgId}`}, 0)) AS taken`,
    );
    if (!lock?.taken) return { sealed: 0, isIncomplete: true };
    // Statements of their own: they see what the last holder of the lock has committed.
    const state = await readSealState(db);
    const rows = await db
      .select(sealedFields)
      .from(auditLog)
      .where(and(eq(auditLog.orgId, orgId), isUnsealed(state)))
      .orderBy(asc(auditLog.transactionId), asc(auditLog.id))
      .limit(maxRows);
    if (rows.length === 0) return { sealed: 0, isIncomplete: false };
    const isFull = rows.length === maxRows;
    const { entries, seal } = chain(orgId, state, { rows, isFull, now });
    await Promise.all([writeEntries(db, orgId, entries), db.insert(auditSeals).values(seal)]);
    if (isFirstOfItsDay(seal, state.seal)) {
      const { number, lastPosition: position, hash } = seal;
      await announce(db, seal);
      logger.info({ orgId, number, position, hash }, 'The audit log is sealed up to here');
    }
    return { sealed: rows.length, isIncomplete: isFull };
  });
}

function chain(
  orgId: string,
  { seal: last, oldestOpen }: SealState,
  { rows, isFull, now }: { rows: readonly SealedRow[]; isFull: boolean; now: Date },
) {
  const start = chainStart(orgId);
  const firstPosition = (last?.lastPosition ?? 0) + 1;
  let chainEnd = last?.chainEnd ?? start;
  const entries = rows.map((row, index) => {
    chainEnd = hashRow(chainEnd, row);
    return { position: firstPosition + index, auditId: row.id, hash: chainEnd };
  });
  const content = {
    orgId,
    number: (last?.number ?? 0) + 1,
    firstPosition,
    lastPosition: firstPosition + rows.length - 1,
    chainEnd,
    horizon: isFull ? horizonOfFull(last, oldestOpen, rows.at(-1)) : oldestOpen,
    sealedAt: now.toISOString(),
    previousHash: last?.hash ?? start,
  };
  return { entries, seal: { ...content, hash: hashSeal(content) } };
}

/** A full seal may have cut a transaction in two, or left rows of another server: the next one looks there again. */
function horizonOfFull(last: Seal | undefined, oldestOpen: string, row: SealedRow | undefined): string {
  if (last && isOfAnotherServer(last, oldestOpen)) return last.horizon;
  const cut = row?.transactionId ?? oldestOpen;
  return BigInt(cut) < BigInt(oldestOpen) ? cut : oldestOpen;
}

async function writeEntries(
  db: Transaction,
  orgId: string,
  entries: readonly { position: number; auditId: string; hash: string }[],
): Promise<void> {
  await db.execute(sql`
    INSERT INTO audit_chain (org_id, position, audit_id, hash)
    SELECT ${orgId}::uuid, position, "auditId", hash
    FROM jsonb_to_recordset(${JSON.stringify(entries)}::text::jsonb)
      AS entry (position bigint, "auditId" uuid, hash text)`);
}

/** Not the very first of an organization: nothing is gained by an anchor of a log that has just begun. */
function isFirstOfItsDay({ sealedAt }: { sealedAt: string }, last: Seal | undefined): boolean {
  return last !== undefined && last.sealedAt.slice(0, 10) < sealedAt.slice(0, 10);
}

/** Tells automations and whoever follows the events what the log has come to, so that it can be kept elsewhere. */
async function announce(
  db: Transaction,
  { orgId, number, lastPosition, hash, sealedAt }: Omit<Seal, 'chainEnd'>,
): Promise<void> {
  const payload = auditSealed.payload.parse({ seal: number, position: lastPosition, hash, sealedAt });
  const event = { id: timeOrderedId(), type: auditSealed.type, payload, runId: null, depth: 0 };
  await writeRecords(db, { orgId, events: [event] });
}
