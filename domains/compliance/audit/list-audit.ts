import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { auditFilter } from '#runtime/audit/audit-filter.js';
import { readAuditPage } from '#runtime/audit/read-audit-page.js';
import type { DomainContext } from '#runtime/domain.js';
import { readCursor, writeCursor } from '#runtime/resource/cursor.js';
import { defaultPageSize, maxPageSize, pageOutput } from '#runtime/resource/page.js';
import { AuditEntry } from './audit-entry.js';

const Place = z.tuple([z.enum(['newest', 'oldest']), z.uuid()]);

/** A page of the audit log, in the order of time. */
export const listAudit = defineAction({
  name: 'audit.list',
  title: 'List audit entries',
  description: 'Who did what, on whose behalf and when: by principal, person, action, target, run and time.',
  permission: 'audit:read',
  effect: 'read',
  http: { method: 'get', path: '/audit/entries' },
  input: z.strictObject({
    ...auditFilter,
    order: z.enum(['newest', 'oldest']).default('newest').describe('What comes first'),
    limit: z.coerce.number().int().min(1).max(maxPageSize).default(defaultPageSize),
    cursor: z.string().optional().describe('nextCursor of the page before'),
  }),
  output: pageOutput(AuditEntry),
  async run({ db, actor }: DomainContext, { order, limit, cursor, ...filter }) {
    const after = cursor === undefined ? undefined : readPlace(cursor, order);
    const { items, lastId } = await readAuditPage(db, actor.orgId, { filter, order, after, limit });
    return { items, nextCursor: lastId === undefined ? null : writeCursor([order, lastId]) };
  },
});

function readPlace(cursor: string, order: 'newest' | 'oldest'): string {
  const [, id] = readCursor(
    Place.refine(([own]) => own === order),
    cursor,
  );
  return id;
}
