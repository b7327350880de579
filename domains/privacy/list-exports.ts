import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { dataExports } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { DataExport, exportColumns, visibleExports } from './data-export.js';

const sorts = { createdAt: byColumn(dataExports.createdAt) };

/** A page of the exports that the caller may see. */
export const listExports = defineAction({
  name: 'exports.list',
  title: 'List exports',
  description: 'Exports of your own data; with exports:manage those of everybody and of the organization.',
  permission: 'exports:read',
  effect: 'read',
  http: { method: 'get', path: '/exports' },
  input: z.strictObject(pageInput(sorts, '-createdAt')),
  output: pageOutput(DataExport),
  async run({ db, actor }: DomainContext, request) {
    const page = openPage(sorts, dataExports.id, request);
    const rows = await db
      .select({ ...exportColumns, ...page.fields })
      .from(dataExports)
      .where(and(eq(dataExports.orgId, actor.orgId), visibleExports(actor), page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit);
    return page.close(rows);
  },
});
