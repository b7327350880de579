import { and, desc, eq, gt, lt, lte, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { auditChain, auditLog, auditSeals } from '#db/schema/index.js';
import { lastArchive } from '../archive/last-archive.js';
import { hashDetails } from '../audit-details.js';
import { chainStart, hashRow, type SealedRow } from '../chain.js';
import type { Seal } from '../unsealed.js';
import { type AuditBreak, breakAt } from './audit-break.js';
import { type Anchor, checkSeals } from './check-seals.js';
import { type ChainEntry, readEntries } from './read-entries.js';

export interface Verification {
  /** Rows that were looked at and are as they were sealed. */
  checked: number;
  /** Of these, such as had their details erased. */
  erased: number;
  /** Where to go on; null when the end was reached, or a break. */
  next: number | null;
  firstBreak: AuditBreak | null;
}

export interface VerifyRequest {
  /** Position after which to begin; what is before it was verified by an earlier call. */
  after: number;
  /** Most rows to look at. */
  maxRows: number;
  /** Position up to which to look; to the end unless given. */
  through?: number;
  /** Seals that were kept elsewhere; looked at when beginning. */
  anchors?: readonly Anchor[];
}

/** Rows that are read at once, and around a break in which a row's right place is looked for. */
const pageSize = 1_000;

/**
 * Computes the chain of the transaction's organization again and compares: rows with their hashes, details with the
 * hashes in the rows, seals with the chain and with each other; at the end, whether there are rows that ought to have a
 * place and have none. What is sealed meanwhile is left for another time; what was archived is proven by its seals.
 */
export async function verifyAudit(
  db: Transaction,
  orgId: string,
  { after, maxRows, through: end, anchors = [] }: VerifyRequest,
): Promise<Verification> {
  const result: Verification = { checked: 0, erased: 0, next: null, firstBreak: null };
  const last = await newestSeal(db, orgId);
  const through = Math.min(end ?? Number.POSITIVE_INFINITY, last?.lastPosition ?? 0);
  if (after === 0) {
    const firstBreak = await checkSeals(db, orgId, anchors);
    if (firstBreak) return { ...result, firstBreak };
  }
  let place = await placeAt(db, orgId, after);
  while (place.position < through) {
    const limit = Math.min(pageSize, maxRows - result.checked);
    if (limit <= 0) return { ...result, next: place.position };
    const entries = await readEntries(db, orgId, { after: place.position, through, limit });
    if (entries.length === 0) return { ...result, firstBreak: breakAt('removed', place.position + 1) };
    const ends = await sealEnds(db, orgId, place.position, entries.at(-1)?.position ?? 0);
    for (const entry of entries) {
      const found = checkEntry(entry, place) ?? checkSealEnd(entry, ends);
      if (found) return { ...result, firstBreak: await named(db, orgId, entry, found) };
      place = entry;
      result.checked += 1;
      if (entry.erasedAt !== null) result.erased += 1;
    }
  }
  return end === undefined ? { ...result, firstBreak: await findStray(db, orgId, last) } : result;
}

/** What follows upon it is hashed with its hash. */
type Place = Pick<ChainEntry, 'position' | 'hash'>;

async function newestSeal(db: Transaction, orgId: string): Promise<Seal | undefined> {
  const seals = db.select().from(auditSeals).where(eq(auditSeals.orgId, orgId));
  const [seal] = await seals.orderBy(desc(auditSeals.number)).limit(1);
  return seal;
}

/** The place at a position; at the earliest the one where the last archive ends. */
async function placeAt(db: Transaction, orgId: string, position: number): Promise<Place> {
  const archive = await lastArchive(db, orgId);
  if (archive && archive.lastPosition >= position)
    return { position: archive.lastPosition, hash: archive.chainEnd };
  const [entry] = await db
    .select({ position: auditChain.position, hash: auditChain.hash })
    .from(auditChain)
    .where(and(eq(auditChain.orgId, orgId), lte(auditChain.position, position)))
    .orderBy(desc(auditChain.position))
    .limit(1);
  return entry ?? { position: 0, hash: chainStart(orgId) };
}

function checkEntry(entry: ChainEntry, previous: Place): AuditBreak | undefined {
  const { position, auditId, row } = entry;
  if (position !== previous.position + 1) return breakAt('removed', previous.position + 1);
  if (!row) return breakAt('removed', position, auditId);
  if (hashRow(previous.hash, row) !== entry.hash) return breakAt('edited', position, auditId);
  return checkDetails(entry, row);
}

function checkDetails(
  { position, auditId, detailsOf, salt, content, erasedAt }: ChainEntry,
  { detailsHash }: SealedRow,
): AuditBreak | undefined {
  const hasDetails = detailsOf !== null;
  if (!detailsHash) return hasDetails ? breakAt('details_edited', position, auditId) : undefined;
  if (!hasDetails) return breakAt('details_removed', position, auditId);
  if (erasedAt !== null) return undefined;
  const isSame = salt !== null && content !== null && hashDetails(salt, content) === detailsHash;
  return isSame ? undefined : breakAt('details_edited', position, auditId);
}

/** The seals that end within a stretch of the chain, by the position where they end. */
async function sealEnds(db: Transaction, orgId: string, after: number, through: number) {
  const { lastPosition, number, chainEnd } = auditSeals;
  const isWithin = and(eq(auditSeals.orgId, orgId), gt(lastPosition, after), lte(lastPosition, through));
  const ends = await db.select({ lastPosition, number, chainEnd }).from(auditSeals).where(isWithin);
  return new Map(ends.map((end) => [end.lastPosition, end]));
}

function checkSealEnd(
  { position, auditId, hash }: ChainEntry,
  ends: Awaited<ReturnType<typeof sealEnds>>,
): AuditBreak | undefined {
  const end = ends.get(position);
  if (!end || end.chainEnd === hash) return undefined;
  return { ...breakAt('seal_mismatch', position, auditId), seal: end.number };
}

/** A row that does not fit its place, but fits another one nearby, was not edited: the order was changed. */
async function named(
  db: Transaction,
  orgId: string,
  { position, row }: ChainEntry,
  found: AuditBreak,
): Promise<AuditBreak> {
  if (found.kind !== 'edited' || !row) return found;
  const around = { after: position - pageSize, through: position + pageSize, limit: 2 * pageSize };
  const hashes = new Set((await readEntries(db, orgId, around)).map(({ hash }) => hash));
  const fits = [chainStart(orgId), ...hashes].some((previous) => hashes.has(hashRow(previous, row)));
  return fits ? { ...found, kind: 'reordered' } : found;
}

/** A row, or an entry of the chain, that was put in past the sealing. */
async function findStray(db: Transaction, orgId: string, last: Seal | undefined): Promise<AuditBreak | null> {
  // One statement, so that what is sealed at this moment is seen whole or not at all.
  const [beyond] = await db
    .select({ position: auditChain.position, auditId: auditChain.auditId })
    .from(auditChain)
    .where(
      and(
        eq(auditChain.orgId, orgId),
        sql`${auditChain.position} > (SELECT coalesce(max(last_position), 0) FROM audit_seals WHERE org_id = ${orgId})`,
      ),
    )
    .limit(1);
  if (beyond) return breakAt('inserted', beyond.position, beyond.auditId);
  if (!last) return null;
  const hasNoPlace = sql`NOT EXISTS (SELECT FROM audit_chain
    WHERE audit_chain.org_id = ${auditLog.orgId} AND audit_chain.audit_id = ${auditLog.id})`;
  const isBehind = lt(auditLog.transactionId, sql`${last.horizon}::xid8`);
  const strays = db.select({ id: auditLog.id }).from(auditLog);
  const [stray] = await strays.where(and(eq(auditLog.orgId, orgId), isBehind, hasNoPlace)).limit(1);
  return stray ? { kind: 'inserted', position: null, auditId: stray.id, seal: null } : null;
}
