import { sql } from 'drizzle-orm';
import {
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
import { createdAt, id, moment, orgId, resourceColumns } from './columns.js';
import { organizations } from './identity.js';

/** An organization's settings and credentials for one app. */
export const connections = pgTable(
  'connections',
  {
    ...resourceColumns,
    connector: text('connector').notNull(),
    name: text('name').notNull(),
    /** Not secret: addresses, accounts. */
    config: jsonb('config').notNull().$type<Record<string, unknown>>(),
    /** Envelope-encrypted by the vault; null where the app needs none. Never leaves the server. */
    secret: text('secret'),
    status: text('status', { enum: ['active', 'credentials_expired'] })
      .notNull()
      .default('active'),
    /** Last part of the webhook address of this connection. */
    hookKey: text('hook_key').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    foreignKey({ columns: [table.orgId], foreignColumns: [organizations.id] }),
    unique().on(table.orgId, table.hookKey),
  ],
);

/** What came in, each once: webhooks and mail, moments of schedules, and what apps had when they were asked. */
export const deliveries = pgTable(
  'deliveries',
  {
    orgId: orgId().references(() => organizations.id),
    id: id(),
    /** `github`, `slack`, `email`, `webhook`, `form`, `schedule`. */
    provider: text('provider').notNull(),
    /** The vendor's own delivery id, or the content's hash where the vendor has none; the moment of a schedule. */
    externalId: text('external_id').notNull(),
    /** Which door it came in by: a connection's or an automation's hook key. */
    hookKey: text('hook_key').notNull(),
    triggers: text('triggers').array().notNull(),
    /** Null when it was too large to keep inline; then `payloadSha256` says where it is. */
    payload: jsonb('payload').$type<unknown>(),
    payloadSha256: text('payload_sha256'),
    /** Bytes of the payload as JSON. */
    payloadSize: integer('payload_size').notNull(),
    receivedAt: moment('received_at').notNull().defaultNow(),
    /** Null until the dispatcher has looked at it. */
    dispatchedAt: moment('dispatched_at'),
    runCount: integer('run_count').notNull().default(0),
    /** The delivery that this one repeats on purpose. */
    replayOf: uuid('replay_of'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    unique().on(table.orgId, table.provider, table.hookKey, table.externalId),
    index().on(table.orgId, table.receivedAt),
  ],
);

/** Files and large payloads that the organization owns; the bytes are in the object store under org and hash. */
export const storedObjects = pgTable(
  'stored_objects',
  {
    orgId: orgId().references(() => organizations.id),
    sha256: text('sha256').notNull(),
    size: integer('size').notNull(),
    contentType: text('content_type').notNull(),
    createdAt: createdAt(),
    /** When the same content came last, to the hour. */
    lastPutAt: moment('last_put_at').notNull().defaultNow(),
    /** Other files that its JSON names. */
    mentions: text('mentions').array().notNull().default(sql`'{}'`),
    /** When a row was last found that names it; looked for only when it is old. */
    mentionedAt: moment('mentioned_at'),
    /** Since when nothing is known to name it. */
    unusedSince: moment('unused_since'),
    /** When its bytes were removed. The row stays for a while, for those who put the same content at that moment. */
    removedAt: moment('removed_at'),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.sha256] }), index().on(table.orgId, table.lastPutAt)],
);
