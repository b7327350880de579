import { sql } from 'drizzle-orm';
import { customType, integer, timestamp, uuid } from 'drizzle-orm/pg-core';

/** Case-insensitive text; the extension is made by the first migration. */
export const citext = customType<{ data: string }>({ dataType: () => 'citext' });

/** Bytes. */
export const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** Full-text search vector, always generated. */
export const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });

/** Number of a transaction, which never comes again. Text, for it has 64 bits. */
export const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' });

/** The tenant. First column of every key and index of a business table. */
export const orgId = () => uuid('org_id').notNull();

/** Time-ordered identifier, made by the database unless the caller chose one. */
export const id = () => uuid('id').notNull().default(sql`uuidv7()`);

export const createdAt = () =>
  timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow();

export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' });

/** Columns of every resource: who made it, when it changed, optimistic concurrency, soft delete. */
export const resourceColumns = {
  orgId: orgId(),
  id: id(),
  version: integer('version').notNull().default(1),
  createdAt: createdAt(),
  updatedAt: moment('updated_at').notNull().defaultNow(),
  deletedAt: moment('deleted_at'),
};
