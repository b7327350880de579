import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { createdAt, id, moment, orgId } from './columns.js';
import { members, organizations } from './identity.js';

export const exportStatuses = ['queued', 'running', 'finished', 'failed', 'expired'] as const;

/** Archives of what is kept of a person or of the whole organization. The bytes are in the object store. */
export const dataExports = pgTable(
  'data_exports',
  {
    orgId: orgId().references(() => organizations.id),
    id: id(),
    subject: text('subject', { enum: ['person', 'organization'] }).notNull(),
    /** Whose data; null: the organization's. */
    subjectId: uuid('subject_id'),
    requestedBy: uuid('requested_by').notNull(),
    status: text('status', { enum: exportStatuses }).notNull().default('queued'),
    /** Tables that are written, and how many there are. */
    tablesDone: integer('tables_done').notNull().default(0),
    tablesTotal: integer('tables_total').notNull().default(0),
    rowCount: bigint('row_count', { mode: 'number' }).notNull().default(0),
    /** Of the archive: bytes, and SHA-256 in hex. */
    size: bigint('size', { mode: 'number' }),
    sha256: text('sha256'),
    /** Code and message. */
    error: jsonb('error').$type<unknown>(),
    createdAt: createdAt(),
    finishedAt: moment('finished_at'),
    /** The archive is deleted then. */
    expiresAt: moment('expires_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    index().on(table.orgId, table.createdAt),
    uniqueIndex('data_exports_at_work')
      .on(table.orgId, sql`coalesce(subject_id, org_id)`)
      .where(sql`status in ('queued', 'running')`),
  ],
);

export const erasureStatuses = [
  'scheduled',
  'running',
  'finished',
  'incomplete',
  'refused',
  'cancelled',
] as const;

/**
 * Erasures of a person in an organization: asked for, carried out after a time of grace, checked. Holds no name and no
 * address but `marks`, sealed, while it is carried out.
 */
export const erasures = pgTable(
  'erasures',
  {
    orgId: orgId().references(() => organizations.id),
    id: id(),
    /** The person; afterwards a pseudonym that leads to nobody. */
    subjectId: uuid('subject_id').notNull(),
    requestedBy: uuid('requested_by').notNull(),
    /** The same in every organization that an account is erased from; null where one organization erases. */
    accountErasureId: uuid('account_erasure_id'),
    /** The person's name is searched for, too. */
    includesName: boolean('includes_name').notNull(),
    status: text('status', { enum: erasureStatuses }).notNull().default('scheduled'),
    createdAt: createdAt(),
    dueAt: moment('due_at').notNull(),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
    /** What is searched for: `{email, name}`, sealed by the vault. Null before and after. */
    marks: text('marks'),
    /** HMAC-SHA-256, hex, of the mail address; see runtime/privacy/tombstones. */
    emailHash: text('email_hash'),
    /** How often everything was gone through. */
    rounds: integer('rounds').notNull().default(0),
    /** What was done, by store and table: how many rows, files or vectors. */
    counts: jsonb('counts').$type<Record<string, number>>().notNull().default({}),
    /** What the search afterwards found, by store and table; empty: nothing. Null until there was one. */
    leftovers: jsonb('leftovers').$type<Record<string, number>>(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    index().on(table.orgId, table.createdAt),
    uniqueIndex('erasures_open')
      .on(table.orgId, table.subjectId)
      .where(sql`status in ('scheduled', 'running')`),
  ],
);

/** How long an organization keeps things of a kind, where it does not go by the default; see core/retention. */
export const retentionPeriods = pgTable(
  'retention_periods',
  {
    orgId: orgId().references(() => organizations.id),
    kind: text('kind').notNull(),
    days: integer('days').notNull(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.kind] })],
);

/** What people have agreed to. A consent is never changed, only withdrawn; another one is another row. */
export const consents = pgTable(
  'consents',
  {
    orgId: orgId(),
    id: id(),
    userId: uuid('user_id').notNull(),
    /** What it is for: `newsletter`, `ai_training`. */
    purpose: text('purpose').notNull(),
    /** Of the text that was agreed to. */
    textVersion: text('text_version').notNull(),
    /** Where it was given: `sign_up`, `settings`, `paper`. */
    source: text('source').notNull(),
    /** Who wrote it down. */
    recordedBy: uuid('recorded_by').notNull(),
    givenAt: moment('given_at').notNull().defaultNow(),
    withdrawnAt: moment('withdrawn_at'),
    withdrawnBy: uuid('withdrawn_by'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    index().on(table.orgId, table.userId, table.purpose, table.givenAt),
    uniqueIndex('consents_in_force')
      .on(table.orgId, table.userId, table.purpose)
      .where(sql`withdrawn_at is null`),
    foreignKey({ columns: [table.orgId, table.userId], foreignColumns: [members.orgId, members.userId] }),
  ],
);
