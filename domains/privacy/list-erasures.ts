import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { erasures } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { openPage, pageInput, pageOutput } from '#runtime/resource/page.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { Erasure, erasureColumns, visibleErasures } from './erasure.js';

const sorts = { createdAt: byColumn(erasures.createdAt) };

/** A page of the erasures that the caller may see. */
export const listErasures = defineAction({
  name: 'erasures.list',
  title: 'List erasures',
  description: 'Erasures of yourself; with people:erase those of everybody.',
  permission: 'identity:read',
  effect: 'read',
  http: { method: 'get', path: '/erasures' },
  input: z.strictObject(pageInput(sorts, '-createdAt')),
  output: pageOutput(Erasure),
  async run({ db, actor }: DomainContext, request) {
    const page = openPage(sorts, erasures.id, request);
    const rows = await db
      .select({ ...erasureColumns, ...page.fields })
      .from(erasures)
      .where(and(eq(erasures.orgId, actor.orgId), visibleErasures(actor), page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit);
    return page.close(rows);
  },
});

export const getErasure = defineAction({
  name: 'erasures.get',
  title: 'Get erasure',
  description: 'How far an erasure has come, and what was found afterwards.',
  permission: 'identity:read',
  effect: 'read',
  http: { method: 'get', path: '/erasures/:id' },
  input: z.strictObject({ id: z.uuid() }),
  output: Erasure,
  async run({ db, actor }: DomainContext, { id }) {
    const [row] = await db
      .select(erasureColumns)
      .from(erasures)
      .where(and(eq(erasures.id, id), visibleErasures(actor)));
    if (!row) throw new AppError('not_found', 'There is no such erasure');
    return row;
  },
});
