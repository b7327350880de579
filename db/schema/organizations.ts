import { sql } from 'drizzle-orm';
import {
  boolean,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { citext, createdAt, id, moment, orgId, resourceColumns } from './columns.js';
import { members, organizations, roles } from './identity.js';

/** What stays of an organization that was erased. */
export const erasedOrganizations = pgTable('erased_organizations', {
  id: uuid('id').primaryKey(),
  erasedAt: moment('erased_at').notNull().defaultNow(),
});

/** A tree: what an organization is divided into. */
export const departments = pgTable(
  'departments',
  {
    ...resourceColumns,
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    /** Null at the top. */
    parentId: uuid('parent_id'),
    /** The user who leads it. */
    headId: uuid('head_id'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    foreignKey({ columns: [table.orgId], foreignColumns: [organizations.id] }),
    foreignKey({ columns: [table.orgId, table.parentId], foreignColumns: [table.orgId, table.id] }),
    foreignKey({ columns: [table.orgId, table.headId], foreignColumns: [members.orgId, members.userId] }),
    index().on(table.orgId, table.parentId),
    index().on(table.orgId, table.createdAt),
  ],
);

/** Who belongs to which department; one of a person's departments is their own. */
export const departmentMembers = pgTable(
  'department_members',
  {
    orgId: orgId(),
    departmentId: uuid('department_id').notNull(),
    userId: uuid('user_id').notNull(),
    isPrimary: boolean('is_primary').notNull().default(false),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.departmentId, table.userId] }),
    foreignKey({
      columns: [table.orgId, table.departmentId],
      foreignColumns: [departments.orgId, departments.id],
    }),
    foreignKey({ columns: [table.orgId, table.userId], foreignColumns: [members.orgId, members.userId] }),
    uniqueIndex('department_members_primary').on(table.orgId, table.userId).where(sql`is_primary`),
  ],
);

/** Ways into the organization: one person's, by mail, or a code for several. */
export const invites = pgTable(
  'invites',
  {
    orgId: orgId().references(() => organizations.id),
    id: id(),
    kind: text('kind', { enum: ['mail', 'code'] }).notNull(),
    /** Of an invite by mail: for whom it is. */
    email: citext('email'),
    roleId: uuid('role_id').notNull(),
    departmentId: uuid('department_id'),
    /** SHA-256 of the mailed token, or the vault's MAC of the code, hex. */
    secretHash: text('secret_hash').notNull(),
    /** First characters of a code, to recognise it in a list. */
    hint: text('hint').notNull().default(''),
    uses: integer('uses').notNull().default(0),
    maxUses: integer('max_uses').notNull().default(1),
    /** Whose rights bound the role, at the moment when it is accepted. */
    invitedBy: uuid('invited_by').notNull(),
    createdAt: createdAt(),
    /** When its present secret was given out. */
    issuedAt: moment('issued_at').notNull().defaultNow(),
    /** How often a secret was given out. */
    issue: integer('issue').notNull().default(1),
    expiresAt: moment('expires_at').notNull(),
    revokedAt: moment('revoked_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    index().on(table.orgId, table.createdAt),
    // A code is looked up before its organization is known.
    index('invites_code').on(table.secretHash).where(sql`kind = 'code'`),
    uniqueIndex('invites_mail')
      .on(table.orgId, table.email)
      .where(sql`kind = 'mail' and uses = 0 and revoked_at is null`),
    foreignKey({ columns: [table.orgId, table.roleId], foreignColumns: [roles.orgId, roles.id] }),
    foreignKey({
      columns: [table.orgId, table.departmentId],
      foreignColumns: [departments.orgId, departments.id],
    }),
    foreignKey({ columns: [table.orgId, table.invitedBy], foreignColumns: [members.orgId, members.userId] }),
  ],
);

/** Domains of the company. One that is proven lets people with an address of it join. */
export const organizationDomains = pgTable(
  'organization_domains',
  {
    orgId: orgId().references(() => organizations.id),
    id: id(),
    /** ASCII, lower case. */
    domain: text('domain').notNull(),
    /** What the TXT record has to say. No secret. */
    challenge: text('challenge').notNull(),
    verifiedAt: moment('verified_at'),
    /** What people join as; null: nobody joins by it. */
    joinRoleId: uuid('join_role_id'),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    unique().on(table.orgId, table.domain),
    index().on(table.domain),
    foreignKey({ columns: [table.orgId, table.joinRoleId], foreignColumns: [roles.orgId, roles.id] }),
  ],
);

/** What an organization has switched itself; the rest follows from its plan (core/flags.ts). */
export const organizationFlags = pgTable(
  'organization_flags',
  {
    orgId: orgId().references(() => organizations.id),
    name: text('name').notNull(),
    isOn: boolean('is_on').notNull(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.name] })],
);
