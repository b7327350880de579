import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { auditFilter } from '#runtime/audit/audit-filter.js';
import { readAuditPage } from '#runtime/audit/read-audit-page.js';
import type { DomainContext } from '#runtime/domain.js';
import { readCursor, writeCursor } from '#runtime/resource/cursor.js';
import { defaultPageSize, maxPageSize, pageOutput } from '#runtime/resource/page.js';

const { principalId, action, targetId, from, to } = auditFilter;

const Entry = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  principalKind: z
    .string()
    .describe('super_user; user where they signed in; operator by npm run create-admin'),
  principalId: z.uuid(),
  sessionId: z.uuid().nullable(),
  action: z.string(),
  targetId: z.string().nullable(),
  requestId: z.string().nullable(),
  position: z.int().nullable().describe('In the chain; null for the seconds before it is sealed'),
});

/** A page of the platform's own log, newest first. What happened in an organization stands in the log of that. */
export const listPlatformAudit = defineAction({
  name: 'platform.list_audit',
  title: 'List what was done on the platform',
  description: 'Who of the platform’s people did what, where it was about no one organization; newest first.',
  permission: 'platform:read',
  effect: 'read',
  http: { method: 'get', path: '/platform/audit' },
  input: z.strictObject({
    principalId,
    action,
    targetId,
    from,
    to,
    limit: z.coerce.number().int().min(1).max(maxPageSize).default(defaultPageSize),
    cursor: z.string().optional().describe('nextCursor of the page before'),
  }),
  output: pageOutput(Entry),
  async run({ db, actor }: DomainContext, { limit, cursor, ...filter }) {
    const [after] = cursor === undefined ? [] : readCursor(z.tuple([z.uuid()]), cursor);
    const { items, lastId } = await readAuditPage(db, actor.orgId, {
      filter,
      order: 'newest',
      after,
      limit,
    });
    return { items, nextCursor: lastId === undefined ? null : writeCursor([lastId]) };
  },
});
