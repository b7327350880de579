import { and, eq, inArray } from 'drizzle-orm';
import { AppError, toErrorRecord } from '#core/errors.js';
import type { ExportedPart, ExportProgress, ExportReference } from '#core/privacy.js';
import { dataExports } from '#db/schema/index.js';
import type { Services } from '../../services.js';
import type { Place } from '../stores/data-store.js';
import { exportFolder, pieceKey } from './export-keys.js';
import { readExport } from './read-export.js';

type ExportServices = Pick<Services, 'database' | 'dataStores' | 'storage'>;

/** Bytes after which a piece is written. */
const pieceSize = 4 * 1024 * 1024;

/** Marks an export as running. Returns all that is to be written. Throws `conflict` for one that is over. */
export async function beginExport(
  services: ExportServices,
  reference: ExportReference,
): Promise<ExportProgress> {
  const { orgId, exportId } = reference;
  const found = await services.database.withOrg(orgId, async (transaction) => {
    await transaction
      .update(dataExports)
      .set({ status: 'running' })
      .where(and(eq(dataExports.id, exportId), eq(dataExports.status, 'queued')));
    return readExport(transaction, reference);
  });
  if (found?.row.status !== 'running') throw exportIsOver();
  const ahead: { store: string; part: string }[] = [];
  for (const store of services.dataStores) {
    const parts = await store.exportedParts(orgId, found.subject);
    ahead.push(...parts.map((part) => ({ store: store.name, part })));
  }
  await noteProgress(services, reference, { tablesTotal: ahead.length });
  return { parts: [], ahead, after: null };
}

/**
 * Writes the next piece of an export. Returns how far it has come; done when nothing is ahead. Doing it again writes the
 * same piece in its place. Throws `conflict` if the export was given up meanwhile.
 */
export async function writePiece(
  services: ExportServices,
  reference: ExportReference,
  progress: ExportProgress,
): Promise<ExportProgress> {
  const { orgId } = reference;
  const found = await services.database.withOrg(orgId, (transaction) => readExport(transaction, reference));
  if (found?.row.status !== 'running') throw exportIsOver();
  const [next, ...later] = progress.ahead;
  if (!next) return progress;
  const store = services.dataStores.find(({ name }) => name === next.store);
  if (!store) throw new AppError('internal', `There is no store ${next.store}`);

  const lines: string[] = [];
  let size = 0;
  let after: Place = progress.after;
  do {
    const page = await store.read({ orgId, part: next.part }, found.subject, after);
    lines.push(...page.rows);
    size += page.rows.reduce((sum, row) => sum + row.length, 0);
    after = page.next;
  } while (after !== null && size < pieceSize);

  const begun = progress.after !== null;
  const earlier: ExportedPart | undefined = begun ? progress.parts.at(-1) : undefined;
  const part = earlier ?? { ...next, pieces: 0, rows: 0 };
  if (lines.length > 0) {
    const content = Buffer.from(`${lines.join('\n')}\n`);
    await services.storage.put(
      pieceKey(reference, next.store, next.part, part.pieces),
      content,
      'application/x-ndjson',
    );
  }
  const written = {
    ...part,
    pieces: part.pieces + (lines.length > 0 ? 1 : 0),
    rows: part.rows + lines.length,
  };
  const parts = [...(begun ? progress.parts.slice(0, -1) : progress.parts), written];
  if (after !== null) return { parts, ahead: progress.ahead, after };
  await noteProgress(services, reference, { tablesDone: parts.length });
  return { parts, ahead: later, after: null };
}

/** Notes that an export failed, and deletes what was written of it; of one that was finished only what it was made of. */
export async function failExport(
  services: ExportServices,
  reference: ExportReference,
  error: unknown,
): Promise<void> {
  const { orgId, exportId } = reference;
  const isFailed = await services.database.withOrg(orgId, async (transaction) => {
    await transaction
      .update(dataExports)
      .set({ status: 'failed', error: toErrorRecord(error), finishedAt: new Date().toISOString() })
      .where(and(eq(dataExports.id, exportId), inArray(dataExports.status, ['queued', 'running'])));
    const [row] = await transaction
      .select({ status: dataExports.status })
      .from(dataExports)
      .where(eq(dataExports.id, exportId));
    return row?.status === 'failed';
  });
  // A process may have ended between putting the archive and noting it.
  if (isFailed) await services.storage.removeAll(exportFolder(reference));
  else await deletePieces(services, reference);
}

/** Deletes what the archive was made of, or would have been. */
export async function deletePieces(
  { storage }: Pick<Services, 'storage'>,
  reference: ExportReference,
): Promise<void> {
  await storage.removeAll(`${exportFolder(reference)}/pieces`);
}

/** What every step throws once an export was given up, failed or finished. */
export function exportIsOver(): AppError {
  return new AppError('conflict', 'The export was given up, or its person is gone');
}

async function noteProgress(
  { database }: ExportServices,
  { orgId, exportId }: ExportReference,
  progress: Partial<typeof dataExports.$inferInsert>,
): Promise<void> {
  await database.withOrg(orgId, (transaction) =>
    transaction.update(dataExports).set(progress).where(eq(dataExports.id, exportId)),
  );
}
