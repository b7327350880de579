import { and, asc, eq, gt, lte, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { auditChain, auditDetails, auditExports, auditLog } from '#db/schema/index.js';
import type { Services } from '../../services.js';
import { readContent } from '../audit-content.js';
import { areItsDetails, auditFields, isItsPlace } from '../audit-fields.js';
import { AuditFilter, matchesFilter } from '../audit-filter.js';
import { csvEntry, csvLine, type ExportedEntry, exportColumns, jsonLine } from './export-lines.js';

/** Entries of one part: bounds the memory of whoever writes it. */
const partSize = 5_000;
const pageSize = 1_000;

export type Export = typeof auditExports.$inferSelect;

/**
 * Writes the next part of an export as a file and notes it; after the last one the export is done. Safe to be called
 * again after a crash, and by two at once, who take turns. Returns whether there is more to write.
 */
export async function exportPart(
  { database, files }: Pick<Services, 'database' | 'files'>,
  orgId: string,
  id: string,
): Promise<{ hasMore: boolean }> {
  return database.withOrg(orgId, async (db) => {
    // Not by the row: whoever locks one counts as a writer, for whose end the events of all organizations wait.
    await db.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`audit export ${id}`}, 0))`);
    const [found] = await db
      .select()
      .from(auditExports)
      .where(and(eq(auditExports.orgId, orgId), eq(auditExports.id, id)));
    if (found?.status !== 'running') return { hasMore: false };
    const { text, count, lastId } = await readPart(db, found);
    const hasMore = count === partSize;
    const parts = [...found.parts];
    if (text !== '') {
      const { sha256, size } = await files(orgId, db).withoutQuota.put(
        Buffer.from(text),
        contentTypes[found.format],
      );
      parts.push({ sha256, size });
    }
    await db
      .update(auditExports)
      .set({
        parts,
        lastId,
        entries: sql`${auditExports.entries} + ${count}`,
        ...(!hasMore && { status: 'done' as const, finishedAt: sql`now()` }),
      })
      .where(and(eq(auditExports.orgId, orgId), eq(auditExports.id, id)));
    return { hasMore };
  });
}

export const contentTypes = { csv: 'text/csv; charset=utf-8', jsonl: 'application/jsonl' } as const;

async function readPart(db: Transaction, wanted: Export) {
  const isCsv = wanted.format === 'csv';
  let text = isCsv && wanted.parts.length === 0 ? csvLine(exportColumns) : '';
  let [count, lastId] = [0, wanted.lastId];
  while (count < partSize) {
    const entries = await readPage(db, wanted, lastId);
    for (const entry of entries) text += isCsv ? csvEntry(entry) : jsonLine(entry);
    count += entries.length;
    lastId = entries.at(-1)?.id ?? lastId;
    if (entries.length < pageSize) break;
  }
  return { text, count, lastId };
}

/** Entries in the order of their ids, which is that of time; none that came after the export was asked for. */
async function readPage(
  db: Transaction,
  { orgId, id, filter }: Export,
  after: string | null,
): Promise<(ExportedEntry & { id: string })[]> {
  const rows = await db
    .select({
      ...auditFields,
      hash: auditChain.hash,
      content: auditDetails.content,
    })
    .from(auditLog)
    .leftJoin(auditChain, isItsPlace)
    .leftJoin(auditDetails, areItsDetails)
    .where(
      and(
        eq(auditLog.orgId, orgId),
        lte(auditLog.id, id),
        after === null ? undefined : gt(auditLog.id, after),
        matchesFilter(AuditFilter.parse(filter)),
      ),
    )
    .orderBy(asc(auditLog.id))
    .limit(pageSize);
  return rows.map(({ content, ...row }) => {
    const details = readContent(content);
    const { ip = null, userAgent = null } = details?.origin ?? {};
    return { ...row, ip, userAgent, before: details?.before ?? null, after: details?.after ?? null };
  });
}
