import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { dataExports } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { DataExport, exportColumns, visibleExports } from './data-export.js';

export const getExport = defineAction({
  name: 'exports.get',
  title: 'Get export',
  description: 'How far an export has come.',
  permission: 'exports:read',
  effect: 'read',
  http: { method: 'get', path: '/exports/:id' },
  input: z.strictObject({ id: z.uuid() }),
  output: DataExport,
  run: readVisibleExport,
});

/** An export that the caller may see. Throws `not_found`. */
export async function readVisibleExport({ db, actor }: DomainContext, { id }: { id: string }) {
  const [row] = await db
    .select(exportColumns)
    .from(dataExports)
    .where(and(eq(dataExports.id, id), visibleExports(actor)));
  if (!row) throw new AppError('not_found', 'There is no such export');
  return row;
}
