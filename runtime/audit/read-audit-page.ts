import { and, asc, desc, eq, gt, lt } from 'drizzle-orm';
import type { z } from 'zod';
import type { Transaction } from '#db/client.js';
import { auditChain, auditLog } from '#db/schema/index.js';
import { auditFields, isItsPlace } from './audit-fields.js';
import { type AuditFilter, matchesFilter } from './audit-filter.js';

interface WantedEntries {
  filter: z.output<typeof AuditFilter>;
  /** What comes first. */
  order: 'newest' | 'oldest';
  /** Id of the last entry of the page before. */
  after: string | undefined;
  limit: number;
}

/** Entries of an organization's log in the order of time; `lastId` is that of the last of them, if there are more. */
export async function readAuditPage(
  db: Transaction,
  orgId: string,
  { filter, order, after, limit }: WantedEntries,
) {
  const isNewest = order === 'newest';
  const isBeyond = isNewest ? lt : gt;
  const rows = await db
    .select(auditFields)
    .from(auditLog)
    .leftJoin(auditChain, isItsPlace)
    .where(
      and(
        eq(auditLog.orgId, orgId),
        matchesFilter(filter),
        after === undefined ? undefined : isBeyond(auditLog.id, after),
      ),
    )
    .orderBy(isNewest ? desc(auditLog.id) : asc(auditLog.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit);
  return { items, lastId: rows.length > limit ? items.at(-1)?.id : undefined };
}
