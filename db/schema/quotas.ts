import { sql } from 'drizzle-orm';
import { bigint, check, date, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import { orgId } from './columns.js';
import { organizations } from './identity.js';

/** What the operator has agreed on with one organization; the rest follows from its plan (core/quotas.ts). */
export const quotaLimits = pgTable(
  'quota_limits',
  {
    orgId: orgId().references(() => organizations.id),
    name: text('name').notNull(),
    /** Null: no limit. */
    max: bigint('max', { mode: 'number' }),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.name] })],
);

/** What was used in a month. Several rows, whose sum counts, so that those who count at the same time need not wait. */
export const usageCounts = pgTable(
  'usage_counts',
  {
    orgId: orgId().references(() => organizations.id),
    name: text('name').notNull(),
    /** Its first day, in UTC. */
    month: date('month').notNull(),
    slot: smallint('slot').notNull(),
    used: bigint('used', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.name, table.month, table.slot] }),
    check('usage_counts_used', sql`used >= 0`),
  ],
);

/** Of which quotas owners were told that they run out. */
export const quotaNotices = pgTable(
  'quota_notices',
  {
    orgId: orgId().references(() => organizations.id),
    name: text('name').notNull(),
    month: date('month').notNull(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.name, table.month] })],
);
