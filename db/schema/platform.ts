import { boolean, foreignKey, index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt, id, moment, orgId } from './columns.js';
import { members, organizations, roles, users } from './identity.js';

/** People who run the platform. That they are here is their right; no role of any organization gives it. */
export const superUsers = pgTable('super_users', {
  userId: uuid('user_id')
    .primaryKey()
    .references(() => users.id),
  /** Null: whoever runs the programs of the host. */
  addedBy: uuid('added_by').references(() => users.id),
  createdAt: createdAt(),
});

/** What the platform has said of an organization's modules and features, in place of its plan. */
export const platformFlags = pgTable(
  'platform_flags',
  {
    orgId: orgId().references(() => organizations.id),
    name: text('name').notNull(),
    isOn: boolean('is_on').notNull(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.name] })],
);

/** An organization lets the platform's people in, for a reason and a time. */
export const supportGrants = pgTable(
  'support_grants',
  {
    orgId: orgId().references(() => organizations.id),
    id: id(),
    reason: text('reason').notNull(),
    /** What support may do at most; null: read. */
    roleId: uuid('role_id'),
    /** Whose rights bound it at any moment. */
    grantedBy: uuid('granted_by').notNull(),
    createdAt: createdAt(),
    expiresAt: moment('expires_at').notNull(),
    revokedAt: moment('revoked_at'),
    revokedBy: uuid('revoked_by'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    index().on(table.orgId, table.createdAt),
    foreignKey({ columns: [table.orgId, table.roleId], foreignColumns: [roles.orgId, roles.id] }),
    foreignKey({ columns: [table.orgId, table.grantedBy], foreignColumns: [members.orgId, members.userId] }),
  ],
);

/** A visit of a super-user by such a grant. */
export const supportVisits = pgTable(
  'support_visits',
  {
    orgId: orgId().references(() => organizations.id),
    id: id(),
    grantId: uuid('grant_id').notNull(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    /** The session by which they are signed in to the platform: when that ends, so does the visit. */
    platformSessionId: uuid('platform_session_id').notNull(),
    createdAt: createdAt(),
    endedAt: moment('ended_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    index().on(table.orgId, table.grantId, table.createdAt),
    foreignKey({
      columns: [table.orgId, table.grantId],
      foreignColumns: [supportGrants.orgId, supportGrants.id],
    }),
  ],
);
