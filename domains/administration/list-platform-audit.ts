import { and, desc, eq, lt } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { auditChain, auditLog } from '#db/schema/index.js';
import { auditFields, isItsPlace } from '#runtime/audit/audit-fields.js';
import { auditFilter, matchesFilter } from '#runtime/audit/audit-filter.js';
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
    const rows = await db
      .select(auditFields)
      .from(auditLog)
      .leftJoin(auditChain, isItsPlace)
      .where(
        and(
          eq(auditLog.orgId, actor.orgId),
          matchesFilter(filter),
          after === undefined ? undefined : lt(auditLog.id, after),
        ),
      )
      .orderBy(desc(auditLog.id))
      .limit(limit + 1);
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    return { items, nextCursor: last ? writeCursor([last.id]) : null };
  },
});
