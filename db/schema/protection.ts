import { foreignKey, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt, id, moment, orgId } from './columns.js';
import { members, organizations } from './identity.js';

/** The times that an organization's secrets were sealed anew. */
export const vaultRotations = pgTable(
  'vault_rotations',
  {
    orgId: orgId().references(() => organizations.id),
    id: id(),
    /** Of the master key that they are sealed with. */
    keyId: text('key_id').notNull(),
    /** Null: the operator. */
    requestedBy: uuid('requested_by'),
    requestedAt: moment('requested_at').notNull().defaultNow(),
    finishedAt: moment('finished_at'),
    resealed: integer('resealed').notNull().default(0),
    /** Values that no key opens. */
    unreadable: integer('unreadable').notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    foreignKey({
      columns: [table.orgId, table.requestedBy],
      foreignColumns: [members.orgId, members.userId],
    }),
  ],
);

/** First results of calls without a credential that carried an idempotency key. Kept for a day. */
export const publicCalls = pgTable(
  'public_calls',
  {
    /** SHA-256 of network and key, hex. */
    slot: text('slot').primaryKey(),
    /** Sealed: action, input's hash and output. Null while the call is at work, or after it crashed. */
    result: text('result'),
    createdAt: createdAt(),
    /** Until then a first call may still be at work. */
    lockedUntil: moment('locked_until').notNull(),
  },
  (table) => [index().on(table.createdAt)],
);
