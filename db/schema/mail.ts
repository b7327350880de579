import { foreignKey, index, integer, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import { automations } from './automation.js';
import { createdAt, moment, orgId } from './columns.js';
import { organizations } from './identity.js';

/** Mails of the platform itself, written in the transaction of what they tell. The dispatcher's queue leads to those to send. */
export const outgoingMails = pgTable(
  'outgoing_mails',
  {
    orgId: orgId().references(() => organizations.id),
    /** Made by who writes it: its body is sealed for this id, and its Message-ID holds it. */
    id: uuid('id').notNull(),
    recipient: text('recipient').notNull(),
    subject: text('subject').notNull(),
    /** `{text, html}`, sealed: it may hold links that decide something. Null once it needs no more sending. */
    body: text('body'),
    /** The same for what shall be told once. */
    dedupeKey: text('dedupe_key').notNull(),
    attempts: integer('attempts').notNull().default(0),
    createdAt: createdAt(),
    /** While a worker sends it. */
    busyUntil: moment('busy_until'),
    sentAt: moment('sent_at'),
    /** When it was given up. */
    failedAt: moment('failed_at'),
    /** What the last attempt failed with. */
    error: text('error'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    unique().on(table.orgId, table.dedupeKey),
    index().on(table.orgId, table.createdAt),
  ],
);

/** What an automation's owner was told last of runs that failed. A row for each that ever had one to be told of. */
export const failureNotices = pgTable(
  'failure_notices',
  {
    orgId: orgId(),
    automationId: uuid('automation_id').notNull(),
    /** Of the run that failed last and counted: its version, its id, its error's code, when it failed. */
    version: integer('version').notNull(),
    runId: uuid('run_id').notNull(),
    code: text('code').notNull(),
    failedAt: moment('failed_at').notNull(),
    toldAt: moment('told_at').notNull(),
    /** Failures since, for the next mail. */
    more: integer('more').notNull().default(0),
    /** When that mail is due; null: there is nothing to tell. */
    digestAt: moment('digest_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.automationId] }),
    foreignKey({
      columns: [table.orgId, table.automationId],
      foreignColumns: [automations.orgId, automations.id],
    }),
  ],
);
