import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import { ZipFile } from 'yazl';
import { z } from 'zod';
import type { ExportedPart, ExportReference } from '#core/privacy.js';
import { dataExports, storedObjects } from '#db/schema/index.js';
import { projectRoot } from '../../project-root.js';
import { readPeriods } from '../../retention/read-periods.js';
import type { Services } from '../../services.js';
import type { Subject } from '../stores/data-store.js';
import { knownTables } from '../stores/tables.js';
import { makeArchiveFolder } from './archive-folder.js';
import { archiveKey, pieceKey } from './export-keys.js';
import { readExport } from './read-export.js';
import { deletePieces, exportIsOver } from './write-export.js';

type ArchiveServices = Pick<Services, 'configuration' | 'database' | 'dataStores' | 'storage'>;

/** One file of the archive, as its manifest names it. */
interface ArchivedFile {
  file: string;
  bytes: number;
  sha256: string;
}

const filePageSize = 200;

/**
 * Makes the archive of the pieces that were written, with the files of the organization where it is all of its data,
 * puts it into the object store and marks the export as finished; the organization says how long it is kept. Never holds more than a
 * piece in memory: the archive is built in a file on this host. `onFile` is called after each file, and may throw.
 */
export async function assembleArchive(
  services: ArchiveServices,
  reference: ExportReference,
  parts: readonly ExportedPart[],
  onFile: () => void,
): Promise<void> {
  const { database, storage } = services;
  const { orgId, exportId } = reference;
  const found = await database.withOrg(orgId, (transaction) => readExport(transaction, reference));
  if (found?.row.status === 'finished') return deletePieces(services, reference);
  if (found?.row.status !== 'running') throw exportIsOver();
  const folder = await makeArchiveFolder();
  try {
    const path = join(folder, 'archive.zip');
    await writeArchive(services, reference, { subject: found.subject, parts, path, folder, onFile });
    const { size } = await stat(path);
    const sha256 = await hashOfFile(path);
    await storage.putFile(archiveKey(reference), path, 'application/zip');
    const rowCount = parts.reduce((sum, { rows }) => sum + rows, 0);
    const finished = await database.withOrg(orgId, async (transaction) => {
      const { days } = (await readPeriods(transaction, services.configuration)).periods.exports;
      return transaction
        .update(dataExports)
        .set({
          status: 'finished',
          size,
          sha256,
          rowCount,
          finishedAt: sql`now()`,
          expiresAt: sql`now() + make_interval(days => ${days})`,
        })
        .where(and(eq(dataExports.id, exportId), eq(dataExports.status, 'running')))
        .returning({ id: dataExports.id });
    });
    // Somebody was erased meanwhile, whom the archive may name.
    if (finished.length === 0) await storage.remove(archiveKey(reference));
    await deletePieces(services, reference);
    if (finished.length === 0) throw exportIsOver();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Archive {
  subject: Subject;
  parts: readonly ExportedPart[];
  path: string;
  folder: string;
  onFile(): void;
}

async function writeArchive(
  services: ArchiveServices,
  reference: ExportReference,
  { subject, parts, path, folder, onFile }: Archive,
): Promise<void> {
  const zip = new ZipFile();
  const output = createWriteStream(path, { mode: 0o600 });
  const written = pipeline(zip.outputStream, output);
  zip.on('error', (error: Error) => output.destroy(error));
  // Whoever fails first ends the other.
  written.catch(() => {});
  const add = async (file: string, content: Readable): Promise<ArchivedFile> => {
    const hash = createHash('sha256');
    let bytes = 0;
    const measured = Readable.from(
      (async function* () {
        for await (const chunk of content) {
          hash.update(chunk);
          bytes += chunk.length;
          yield chunk;
        }
      })(),
      { objectMode: false },
    );
    await Promise.race([
      written,
      new Promise<void>((resolve, reject) => {
        measured.once('close', resolve).once('error', reject);
        zip.addReadStream(measured, file, { mtime: new Date() });
      }),
    ]);
    onFile();
    return { file, bytes, sha256: hash.digest('hex') };
  };

  const tables: unknown[] = [];
  for (const part of parts) {
    const file = await add(`${part.store}/${part.part}.jsonl`, readPieces(services, reference, part));
    const columns = part.store === 'postgres' ? (knownTables.get(part.part)?.columns ?? []) : undefined;
    tables.push({
      store: part.store,
      name: part.part,
      ...(columns && { columns }),
      rows: part.rows,
      ...file,
    });
  }
  const listPath = join(folder, 'files.jsonl');
  const fileCount =
    subject.kind === 'organization' ? await addFiles(services, reference.orgId, add, listPath) : 0;
  const list =
    subject.kind === 'organization' ? await add('files.jsonl', createReadStream(listPath)) : undefined;
  const manifest = {
    format: 'worksynapse-export/1',
    schemaVersion: await schemaVersion(),
    exportId: reference.exportId,
    organizationId: reference.orgId,
    subject: subject.kind === 'person' ? { kind: 'person', userId: subject.userId } : subject,
    createdAt: new Date().toISOString(),
    tables,
    files: { count: fileCount, ...(list && { list }) },
    leftOut: services.dataStores.flatMap((store) => store.leftOut(subject)),
  };
  await add('manifest.json', Readable.from([Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)]));
  zip.end();
  await written;
}

/** The content of a part, piece after piece. */
function readPieces(
  { storage }: ArchiveServices,
  reference: ExportReference,
  { store, part, pieces }: ExportedPart,
): Readable {
  return Readable.from(
    (async function* () {
      for (let number = 0; number < pieces; number += 1) {
        const piece = await storage.get(pieceKey(reference, store, part, number));
        if (!piece) throw exportIsOver();
        yield Buffer.from(piece);
      }
    })(),
    { objectMode: false },
  );
}

/** Adds every file of the organization, and writes a list of them with their hashes. Returns how many there are. */
async function addFiles(
  { database, storage }: ArchiveServices,
  orgId: string,
  add: (file: string, content: Readable) => Promise<ArchivedFile>,
  listPath: string,
): Promise<number> {
  const list = await open(listPath, 'w', 0o600);
  let count = 0;
  let after = '';
  try {
    for (;;) {
      const page = await database.withOrg(orgId, (transaction) =>
        transaction
          .select({ name: storedObjects.sha256, contentType: storedObjects.contentType })
          .from(storedObjects)
          .where(and(eq(storedObjects.orgId, orgId), gt(storedObjects.sha256, after)))
          .orderBy(asc(storedObjects.sha256))
          .limit(filePageSize),
      );
      for (const { name, contentType } of page) {
        const content = await storage.getStream(`${orgId}/${name}`);
        const entry = content
          ? { ...(await add(`files/${name}`, content)), contentType }
          : { file: `files/${name}`, contentType, missing: true };
        await list.write(`${JSON.stringify(entry)}\n`);
        count += 1;
      }
      after = page.at(-1)?.name ?? after;
      if (page.length < filePageSize) return count;
    }
  } finally {
    await list.close();
  }
}

const Journal = z.object({ entries: z.array(z.object({ tag: z.string(), when: z.number() })) });

/** The newest migration: what the tables looked like. */
async function schemaVersion(): Promise<string> {
  const path = join(projectRoot, 'db', 'migrations', 'meta', '_journal.json');
  const last = Journal.parse(JSON.parse(await readFile(path, 'utf8'))).entries.at(-1);
  return last ? `${last.tag} ${new Date(last.when).toISOString()}` : 'none';
}

async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
