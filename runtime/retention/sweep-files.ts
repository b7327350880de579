import { type SQL, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.js';
import { hoursBetweenNotes } from '../files/keep-file.js';
import { namingTables } from '../files/naming-columns.js';
import { removeAbandoned } from '../files/remove-abandoned.js';
import type { Services } from '../services.js';
import { noteNamedFiles, type PageEnd } from './find-named-files.js';

type SweepServices = Pick<Services, 'database' | 'storage' | 'logger'>;

/** Files whose bytes are removed in one transaction. */
const batchSize = 20;
/** An organization's rows are looked through once a day at most. */
const hoursBetweenSweeps = 20;
/** A file that was found named is looked for again after these days. */
const daysBetweenLooks = 7;
/** How long nothing has to name a file before it goes, and how long its row outlives its bytes. */
const graceHours = 20;

/**
 * Removes files of an organization that nothing names any more. A file goes when it was put last more than `days` days
 * ago, when none of the runs under way had begun by then (their workflows may know it), and when two looks through all
 * rows, a day apart, have found none that names it: a reference that moves from row to row can escape one look.
 * What was left by writes that never ended goes first. `onBatch` is called after each statement, and may throw to end it.
 */
export async function sweepFiles(
  { database, storage, logger }: SweepServices,
  orgId: string,
  days: number,
  onBatch: () => void,
): Promise<void> {
  const within = async <Result>(work: (transaction: Transaction) => Promise<Result>) => {
    const result = await database.withOrg(orgId, work);
    onBatch();
    return result;
  };
  await removeAbandoned(storage, orgId);
  onBatch();
  await within((transaction) => forgetRemoved(transaction, storage, orgId));
  const began = await within((transaction) => beginOfSweep(transaction, days));
  if (began === undefined) return;
  const old = sql`${isOld(days)} AND ${notFoundSince(began)}`;
  for (const table of namingTables) {
    let end: PageEnd | undefined;
    do end = await within((transaction) => noteNamedFiles(transaction, orgId, table, old, end));
    while (end);
  }
  await within((transaction) =>
    transaction.execute(
      sql`UPDATE stored_objects SET unused_since = now() WHERE unused_since IS NULL AND ${old}`,
    ),
  );
  let count = 0;
  for (let removed = batchSize; removed === batchSize; count += removed) {
    removed = await within((transaction) => removeSome(transaction, storage, orgId, old));
  }
  if (count > 0) logger.info({ orgId, files: count }, 'Files that nothing named any more were removed');
}

/** True of files that are old enough to be looked for. */
function isOld(days: number): SQL {
  return sql`(removed_at IS NULL AND last_put_at < now() - make_interval(days => ${days})
    AND last_put_at + make_interval(hours => ${hoursBetweenNotes})
      < coalesce((SELECT min(created_at) FROM runs WHERE finished_at IS NULL), 'infinity'))`;
}

function notFoundSince(began: string): SQL {
  return sql`(mentioned_at IS NULL OR mentioned_at < ${began}::timestamptz)`;
}

/** The present moment of the database; undefined if there is nothing to look for now. */
async function beginOfSweep(transaction: Transaction, days: number): Promise<string | undefined> {
  const [row] = await transaction.execute<{ began: string; isDue: boolean }>(sql`
    SELECT now()::text AS began, EXISTS (
      SELECT FROM stored_objects
      WHERE ${isOld(days)} AND (mentioned_at IS NULL OR mentioned_at < now() - make_interval(days => ${daysBetweenLooks}))
    ) AND NOT EXISTS (
      SELECT FROM stored_objects
      WHERE greatest(mentioned_at, unused_since, removed_at) > now() - make_interval(hours => ${hoursBetweenSweeps})
    ) AS "isDue"`);
  return row?.isDue ? row.began : undefined;
}

/**
 * The rows stay locked until their bytes are gone and that is noted, so that whoever puts the same content meanwhile
 * waits, and then puts it again (keep-file.ts). Returns how many files were removed.
 */
async function removeSome(
  transaction: Transaction,
  storage: Services['storage'],
  orgId: string,
  old: SQL,
): Promise<number> {
  const doomed = await transaction.execute<{ sha256: string }>(sql`
    SELECT sha256 FROM stored_objects
    WHERE unused_since < now() - make_interval(hours => ${graceHours}) AND ${old}
    LIMIT ${batchSize} FOR UPDATE SKIP LOCKED`);
  if (doomed.length === 0) return 0;
  const addresses = doomed.map(({ sha256 }) => sha256);
  await Promise.all(addresses.map((sha256) => storage.remove(`${orgId}/${sha256}`)));
  await transaction.execute(
    sql`UPDATE stored_objects SET removed_at = now(), mentions = '{}' WHERE sha256 = ANY(${sql.param(addresses)}::text[])`,
  );
  return doomed.length;
}

/** Rows of files that were removed long ago: nobody can still be about to put the content that was removed. */
async function forgetRemoved(
  transaction: Transaction,
  storage: Services['storage'],
  orgId: string,
): Promise<void> {
  const gone = await transaction.execute<{ sha256: string }>(sql`
    DELETE FROM stored_objects WHERE (org_id, sha256) IN (
      SELECT org_id, sha256 FROM stored_objects WHERE removed_at < now() - make_interval(hours => ${graceHours})
        -- What was in an archive of the audit log is told by its row for good.
        AND NOT EXISTS (SELECT FROM audit_archives archive
          WHERE archive.org_id = stored_objects.org_id AND archive.sha256 = stored_objects.sha256)
      FOR UPDATE SKIP LOCKED)
    RETURNING sha256`);
  // Of one whose row could not be written after all, the bytes are there again.
  await Promise.all(gone.map(({ sha256 }) => storage.remove(`${orgId}/${sha256}`)));
}
