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
import { plans } from '#core/flags.js';
import type { WorkingHours } from '#core/working-hours.js';
import { citext, createdAt, id, moment, orgId } from './columns.js';

/** The tenant itself. Its row is visible to the tenant only (policy on `id`). */
export const organizations = pgTable('organizations', {
  id: uuid('id').primaryKey().default(sql`uuidv7()`),
  name: text('name').notNull(),
  slug: citext('slug').notNull().unique(),
  /** Days after which a new API key ends at the latest; null: it may be good for ever. */
  apiKeyMaxDays: integer('api_key_max_days'),
  /** IANA name. */
  timeZone: text('time_zone').notNull().default('UTC'),
  /** BCP 47. */
  locale: text('locale').notNull().default('en'),
  /** ISO 4217. */
  currency: text('currency').notNull().default('EUR'),
  /** By weekday, in local time. */
  workingHours: jsonb('working_hours').notNull().$type<WorkingHours>().default({}),
  /** Local dates without working hours, `2026-12-25`. */
  holidays: text('holidays').array().notNull().default(sql`'{}'`),
  /** Of the file in `stored_objects`; null: it has none. */
  logoSha256: text('logo_sha256'),
  plan: text('plan', { enum: plans }).notNull().default('free'),
  /** Deleted by an owner: when it is erased for good. Until then nobody but owners can act in it. */
  eraseAt: moment('erase_at'),
  /** Suspended by the platform: nobody acts in it, and its runs wait. */
  suspendedAt: moment('suspended_at'),
  /** What its members are told of that. */
  suspensionReason: text('suspension_reason'),
  /** Days for which audit entries stay in the database; null: as it is without a choice, like the three below. */
  auditRetentionDays: integer('audit_retention_days'),
  /** Kinds of security events that are told by mail. */
  alertKinds: text('alert_kinds').array(),
  /** Members who are told; nobody named: the owners. */
  alertUserIds: uuid('alert_user_ids').array(),
  alertsPerHour: integer('alerts_per_hour'),
  createdAt: createdAt(),
});

/** A person; may be a member of several organizations. Visible to co-members and to themselves. */
export const users = pgTable('users', {
  id: uuid('id').primaryKey().default(sql`uuidv7()`),
  email: citext('email').notNull().unique(),
  name: text('name').notNull(),
  /** Null for those who sign in through a provider only. */
  passwordHash: text('password_hash'),
  /** When somebody showed that mail to the address reaches them; null: nobody has. */
  emailVerifiedAt: moment('email_verified_at'),
  createdAt: createdAt(),
});

export const roles = pgTable(
  'roles',
  {
    orgId: orgId().references(() => organizations.id),
    id: id(),
    /** `owner`, `admin`, `manager`, `member`, `guest`, or a custom key. */
    key: text('key').notNull(),
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    /** `resource:verb`, `resource:*` or `*`. */
    permissions: text('permissions').array().notNull(),
    version: integer('version').notNull().default(1),
    createdAt: createdAt(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
    /** Nobody has a role that is deleted. */
    deletedAt: moment('deleted_at'),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.id] }), unique().on(table.orgId, table.key)],
);

export const members = pgTable(
  'members',
  {
    orgId: orgId().references(() => organizations.id),
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    roleId: uuid('role_id').notNull(),
    /**
     * Who was removed keeps the row, which tasks and history name; only an invite brings them back. Of one who was erased it
     * leads to nobody.
     */
    status: text('status', { enum: ['active', 'deactivated', 'removed', 'erased'] })
      .notNull()
      .default('active'),
    /** What they do: `Head of Finance`. */
    title: text('title').notNull().default(''),
    /** The user to whom they report. */
    managerId: uuid('manager_id'),
    /** When they were removed last; older invites do not bring them back. */
    removedAt: moment('removed_at'),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    unique().on(table.orgId, table.userId),
    index().on(table.userId),
    index().on(table.orgId, table.roleId),
    foreignKey({ columns: [table.orgId, table.roleId], foreignColumns: [roles.orgId, roles.id] }),
    foreignKey({ columns: [table.orgId, table.managerId], foreignColumns: [table.orgId, table.userId] }),
  ],
);

export const apiKeys = pgTable(
  'api_keys',
  {
    orgId: orgId().references(() => organizations.id),
    id: id(),
    name: text('name').notNull(),
    /** First characters of the key, to recognise it in a list. */
    prefix: text('prefix').notNull(),
    /** SHA-256 of the whole key, hex. The key has 256 random bits, so a slow hash would add nothing. */
    hash: text('hash').notNull(),
    scopes: text('scopes').array().notNull(),
    userId: uuid('user_id').notNull(),
    /** Networks in CIDR form from which the key is good; none: from everywhere. */
    allowedNetworks: text('allowed_networks').array().notNull().default(sql`'{}'`),
    createdAt: createdAt(),
    lastUsedAt: moment('last_used_at'),
    lastUsedIp: text('last_used_ip'),
    expiresAt: moment('expires_at'),
    revokedAt: moment('revoked_at'),
    rotatedAt: moment('rotated_at'),
    /** What the key was before it was rotated: good until then. */
    previousPrefix: text('previous_prefix'),
    previousHash: text('previous_hash'),
    previousUntil: moment('previous_until'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    unique().on(table.orgId, table.hash),
    foreignKey({ columns: [table.orgId, table.userId], foreignColumns: [members.orgId, members.userId] }),
  ],
);

/** What a principal may do on whose behalf; always intersected with that person's permissions at the time of use. */
export const grants = pgTable(
  'grants',
  {
    orgId: orgId().references(() => organizations.id),
    id: id(),
    principalKind: text('principal_kind', { enum: ['automation', 'agent'] }).notNull(),
    principalId: uuid('principal_id').notNull(),
    onBehalfOf: uuid('on_behalf_of').notNull(),
    scopes: text('scopes').array().notNull(),
    createdAt: createdAt(),
    expiresAt: moment('expires_at'),
    revokedAt: moment('revoked_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    index().on(table.orgId, table.principalKind, table.principalId),
    foreignKey({ columns: [table.orgId, table.onBehalfOf], foreignColumns: [members.orgId, members.userId] }),
  ],
);
