import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import { createdAt, id, moment, orgId, xid8 } from './columns.js';
import { organizations } from './identity.js';

/** The outbox: what happened, written in the transaction that made it happen. */
export const events = pgTable(
  'events',
  {
    orgId: orgId().references(() => organizations.id),
    id: id(),
    /** Transaction that wrote it. Events are read in this order: ids are made before it is known who commits first. */
    transactionId: xid8('transaction_id').notNull().default(sql`pg_current_xact_id()`),
    type: text('type').notNull(),
    payload: jsonb('payload').notNull().$type<unknown>(),
    /** Run that caused it, if one did. */
    runId: uuid('run_id'),
    /** How many automations stand between this event and the outside event that began the chain. */
    depth: integer('depth').notNull().default(0),
    /** Done by support, let in by this grant. */
    supportGrantId: uuid('support_grant_id'),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    index().on(table.orgId, table.transactionId, table.id),
    index().on(table.orgId, table.type, table.createdAt),
  ],
);

/**
 * What the dispatcher still has to look at. Holds ids only. Claimed across organizations by the function
 * claim_dispatch, the one thing in the schema that may.
 */
export const dispatchQueue = pgTable(
  'dispatch_queue',
  {
    orgId: orgId().references(() => organizations.id),
    sequence: bigint('sequence', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    /**
     * A `notice` stands for an event of which people are to be told. A `wake` stands for a wait that was answered, until its workflow has taken the answer; a `mail` for one to send; a
     * `failure_digest` for an automation whose owner is to be told of more failures; `terminate` for a run whose workflow
     * is to be ended; a `turn` for a run whose line may move: one that ended, or one that waits there; an `export` or an
     * `erasure` for one whose workflow is to be started; an `agent` for a run of an agent that is to be begun or told of news.
     */
    kind: text('kind', {
      enum: [
        'delivery',
        'event',
        'run',
        'schedule',
        'wake',
        'mail',
        'failure_digest',
        'terminate',
        'turn',
        'export',
        'erasure',
        'notice',
        'agent',
      ],
    }).notNull(),
    sourceId: uuid('source_id').notNull(),
    attempts: integer('attempts').notNull().default(0),
    availableAt: timestamp('available_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  },
  (table) => [index().on(table.orgId, table.availableAt, table.sequence)],
);

/** First results of calls that carried an idempotency key. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    orgId: orgId().references(() => organizations.id),
    /** `user:<id>`, `api_key:<id>`, `automation:<id>`: keys of one caller never meet those of another. */
    principal: text('principal').notNull(),
    key: text('key').notNull(),
    action: text('action').notNull(),
    /** SHA-256 of the parsed input, hex. */
    inputHash: text('input_hash').notNull(),
    /** False while a connector action is at work, or after it crashed there. */
    isFinished: boolean('is_finished').notNull().default(false),
    /** Output as `{inline}` or `{ref, size, sha256}`. */
    output: jsonb('output').$type<unknown>(),
    createdAt: createdAt(),
    /** Until then a first call may still be at work. */
    lockedUntil: moment('locked_until'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.principal, table.key] }),
    index().on(table.createdAt),
  ],
);
