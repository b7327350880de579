import { sql } from 'drizzle-orm';
import {
  bigint,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { createdAt, id, moment, orgId, xid8 } from './columns.js';
import { organizations } from './identity.js';
import { storedObjects } from './integration.js';

/**
 * Who did what, on whose behalf. Append-only, for everybody: a trigger refuses changes, and only archiving removes rows.
 * Holds ids and nothing that tells of a person; that stands in `audit_details`, which can be erased.
 */
export const auditLog = pgTable(
  'audit_log',
  {
    orgId: orgId().references(() => organizations.id),
    id: id(),
    /** Transaction that wrote it. Rows are sealed in this order. */
    transactionId: xid8('transaction_id').notNull().default(sql`pg_current_xact_id()`),
    at: createdAt(),
    principalKind: text('principal_kind').notNull(),
    principalId: uuid('principal_id').notNull(),
    onBehalfOf: uuid('on_behalf_of'),
    sessionId: uuid('session_id'),
    action: text('action').notNull(),
    /** Id of what was acted on, where the output has one. */
    targetId: text('target_id'),
    requestId: text('request_id'),
    runId: uuid('run_id'),
    /** `mail_link` where a person has not signed in, but used a link that was mailed to them. */
    via: text('via'),
    /** SHA-256 of salt and content of the details, hex; null where there are none. */
    detailsHash: text('details_hash'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    index().on(table.orgId, table.transactionId, table.id),
    index().on(table.orgId, table.targetId, table.id),
    index().on(table.orgId, table.runId, table.id).where(sql`run_id IS NOT NULL`),
    // For the one question that is asked across organizations: which of them have rows since a transaction.
    index().on(table.transactionId, table.orgId),
  ],
);

/**
 * What an audit entry tells beyond ids: values before and after, address and program of who called. Written by the
 * statement that writes the entry, hence without a foreign key, whose check would be paid by every write.
 */
export const auditDetails = pgTable(
  'audit_details',
  {
    orgId: orgId().references(() => organizations.id),
    auditId: uuid('audit_id').notNull(),
    /** 128 random bits, hex: without it the hash in the log tells nothing of what was erased. */
    salt: text('salt'),
    /** JSON, as text: the hash is of exactly these characters. Null once erased. */
    content: text('content'),
    erasedAt: moment('erased_at'),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.auditId] })],
);

/**
 * The order of the audit log, and a hash of each row and all before it. No foreign key: an entry stays when its row is
 * removed, and so shows it.
 */
export const auditChain = pgTable(
  'audit_chain',
  {
    orgId: orgId().references(() => organizations.id),
    /** From 1, without gaps. */
    position: bigint('position', { mode: 'number' }).notNull(),
    auditId: uuid('audit_id').notNull(),
    /** SHA-256, hex. */
    hash: text('hash').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.position] }),
    unique().on(table.orgId, table.auditId),
  ],
);

/** A stretch of the chain that was made at once. Each holds the hash of the one before. */
export const auditSeals = pgTable(
  'audit_seals',
  {
    orgId: orgId().references(() => organizations.id),
    /** From 1, without gaps. */
    number: integer('number').notNull(),
    firstPosition: bigint('first_position', { mode: 'number' }).notNull(),
    lastPosition: bigint('last_position', { mode: 'number' }).notNull(),
    /** Hash at the last position. */
    chainEnd: text('chain_end').notNull(),
    /** Rows of transactions before this one are sealed, by this seal or one before. */
    horizon: xid8('horizon').notNull(),
    sealedAt: moment('sealed_at').notNull(),
    previousHash: text('previous_hash').notNull(),
    hash: text('hash').notNull(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.number] })],
);

/** What concerns the safety of accounts: failed log-ins, changed rights, new keys. */
export const securityEvents = pgTable(
  'security_events',
  {
    orgId: orgId().references(() => organizations.id),
    id: id(),
    kind: text('kind').notNull(),
    /** The person whom it concerns. */
    userId: uuid('user_id'),
    /** Who did it, where that is known. */
    principalKind: text('principal_kind'),
    principalId: uuid('principal_id'),
    ip: text('ip'),
    userAgent: text('user_agent'),
    /** Ids and names, no secrets. */
    details: jsonb('details').notNull().$type<Readonly<Record<string, unknown>>>().default({}),
    /** The same for what is counted in one row: kind, whom it concerns, and the minute. */
    bucket: text('bucket'),
    count: integer('count').notNull().default(1),
    createdAt: createdAt(),
    /** Of those that are counted: when it happened last. */
    lastAt: moment('last_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    unique().on(table.orgId, table.bucket),
    index().on(table.orgId, table.kind, table.id),
    index().on(table.orgId, table.userId, table.id),
    index().on(table.orgId, table.createdAt),
  ],
);

/** What was taken out of the database: whole seals, as a file of JSON lines. Chain and seals go on from there. */
export const auditArchives = pgTable(
  'audit_archives',
  {
    orgId: orgId().references(() => organizations.id),
    firstPosition: bigint('first_position', { mode: 'number' }).notNull(),
    lastPosition: bigint('last_position', { mode: 'number' }).notNull(),
    /** Hash at the last position. */
    chainEnd: text('chain_end').notNull(),
    sha256: text('sha256').notNull(),
    /** Bytes of the file. */
    size: bigint('size', { mode: 'number' }).notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.lastPosition] }),
    index().on(table.orgId, table.sha256),
    foreignKey({
      columns: [table.orgId, table.sha256],
      foreignColumns: [storedObjects.orgId, storedObjects.sha256],
    }),
  ],
);

/** An audit log as a file, on its way or done. */
export const auditExports = pgTable(
  'audit_exports',
  {
    orgId: orgId().references(() => organizations.id),
    id: id(),
    requestedBy: uuid('requested_by').notNull(),
    format: text('format', { enum: ['csv', 'jsonl'] }).notNull(),
    /** As audit.list takes it. */
    filter: jsonb('filter').notNull().$type<unknown>(),
    status: text('status', { enum: ['running', 'done', 'expired'] })
      .notNull()
      .default('running'),
    /** So far. */
    entries: integer('entries').notNull().default(0),
    /** The last entry that is in the file. */
    lastId: uuid('last_id'),
    /** Files that make the whole, one after the other: `{sha256, size}`. */
    parts: jsonb('parts').notNull().$type<{ sha256: string; size: number }[]>().default([]),
    createdAt: createdAt(),
    finishedAt: moment('finished_at'),
    /** Then the files are removed. */
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    index().on(table.orgId, table.status, table.expiresAt),
  ],
);
