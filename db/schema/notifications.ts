import { sql } from 'drizzle-orm';
import {
  boolean,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { id, moment, orgId } from './columns.js';
import { members } from './identity.js';

/** What a person is told of in the app. News of what they have not read of yet joins the row that is there. */
export const notifications = pgTable(
  'notifications',
  {
    orgId: orgId(),
    id: id(),
    userId: uuid('user_id').notNull(),
    /** As kinds are declared: `task_assigned`. */
    kind: text('kind').notNull(),
    /** What it is about. */
    subjectId: uuid('subject_id').notNull(),
    title: text('title').notNull(),
    /** Where it leads to in the app. */
    path: text('path').notNull(),
    /** Of how many events it tells. */
    count: integer('count').notNull().default(1),
    /** The event that it tells of last. */
    eventId: uuid('event_id').notNull(),
    /** When that was noticed. */
    at: moment('at').notNull().defaultNow(),
    readAt: moment('read_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    uniqueIndex('notifications_unread')
      .on(table.orgId, table.userId, table.kind, table.subjectId)
      .where(sql`read_at IS NULL`),
    index().on(table.orgId, table.userId, table.at, table.id),
    index().on(table.orgId, table.kind, table.subjectId),
    index().on(table.orgId, table.at),
    foreignKey({ columns: [table.orgId, table.userId], foreignColumns: [members.orgId, members.userId] }),
  ],
);

/** How a person wants to be told of a kind, where it is not as the kind says. */
export const notificationPreferences = pgTable(
  'notification_preferences',
  {
    orgId: orgId(),
    userId: uuid('user_id').notNull(),
    kind: text('kind').notNull(),
    inApp: boolean('in_app').notNull(),
    byMail: boolean('by_mail').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.userId, table.kind] }),
    foreignKey({ columns: [table.orgId, table.userId], foreignColumns: [members.orgId, members.userId] }),
  ],
);
