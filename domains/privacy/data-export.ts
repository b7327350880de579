import { type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { dataExports, exportStatuses } from '#db/schema/index.js';
import { holdsPermission } from '#runtime/authorize.js';
import type { Actor } from '#runtime/caller.js';

/** An export as it is shown. */
export const DataExport = z.object({
  id: z.uuid(),
  subject: z.enum(['person', 'organization']),
  userId: z.uuid().nullable().describe('Whose data; null: all of the organization'),
  requestedBy: z.uuid(),
  status: z.enum(exportStatuses),
  progress: z.object({ done: z.int(), total: z.int() }).describe('Tables and collections'),
  rowCount: z.int(),
  size: z.int().nullable().describe('Bytes of the archive'),
  sha256: z.string().nullable().describe('Of the archive, hex'),
  error: z.looseObject({ code: z.string(), message: z.string() }).nullable(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  expiresAt: z.string().nullable().describe('When the archive is deleted'),
});

/** Columns that DataExport shows. */
export const exportColumns = {
  id: dataExports.id,
  subject: dataExports.subject,
  userId: dataExports.subjectId,
  requestedBy: dataExports.requestedBy,
  status: dataExports.status,
  progress: sql<{
    done: number;
    total: number;
  }>`jsonb_build_object('done', ${dataExports.tablesDone}, 'total', ${dataExports.tablesTotal})`,
  rowCount: dataExports.rowCount,
  size: dataExports.size,
  sha256: dataExports.sha256,
  error: sql<{ code: string; message: string } | null>`${dataExports.error}`,
  createdAt: dataExports.createdAt,
  finishedAt: dataExports.finishedAt,
  expiresAt: dataExports.expiresAt,
};

/** People see exports of their own data, whoever asked for them; with `exports:manage` all of them. */
export function visibleExports(actor: Actor): SQL | undefined {
  return holdsPermission(actor, 'exports:manage')
    ? undefined
    : sql`${dataExports.subjectId} = ${actor.userId}`;
}
