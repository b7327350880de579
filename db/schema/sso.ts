import { sql } from 'drizzle-orm';
import {
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { citext, createdAt, id, moment, orgId, resourceColumns } from './columns.js';
import { members, organizations, roles, users } from './identity.js';

/** An organization's own identity provider, by OpenID Connect or SAML. */
export const ssoConnections = pgTable(
  'sso_connections',
  {
    ...resourceColumns,
    kind: text('kind', { enum: ['oidc', 'saml'] }).notNull(),
    name: text('name').notNull(),
    /** OpenID Connect: the issuer; SAML: the entity id of the identity provider. */
    issuer: text('issuer').notNull(),
    clientId: text('client_id'),
    /** Client secret, sealed by the vault for this row. */
    secret: text('secret'),
    scopes: text('scopes').array().notNull(),
    /** SAML: where the identity provider takes requests. */
    ssoUrl: text('sso_url'),
    /** SAML: its signing certificates, PEM; several while it changes them. */
    certificates: text('certificates').array().notNull(),
    /** Mail domains whose people it signs in, in lower case. They count once the organization has proven them. */
    domains: text('domains').array().notNull(),
    defaultRoleId: uuid('default_role_id').notNull(),
    /** Claim or attribute that roles are mapped from. */
    roleClaim: text('role_claim').notNull(),
    /** `{ value, roleId }`; the first whose value a person has decides. */
    roleMapping: jsonb('role_mapping').notNull(),
    createsMembers: boolean('creates_members').notNull(),
    updatesRoles: boolean('updates_roles').notNull(),
    isEnforced: boolean('is_enforced').notNull(),
    isActive: boolean('is_active').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    foreignKey({ columns: [table.orgId, table.defaultRoleId], foreignColumns: [roles.orgId, roles.id] }),
    index('sso_connections_domains_index').using('gin', table.domains),
  ],
);

/** Whom a subject of an organization's identity provider is here. */
export const ssoIdentities = pgTable(
  'sso_identities',
  {
    orgId: orgId().references(() => organizations.id),
    id: id(),
    connectionId: uuid('connection_id').notNull(),
    subject: text('subject').notNull(),
    userId: uuid('user_id').notNull(),
    createdAt: createdAt(),
    lastUsedAt: moment('last_used_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    unique().on(table.orgId, table.connectionId, table.subject),
    index().on(table.orgId, table.userId),
    foreignKey({
      columns: [table.orgId, table.connectionId],
      foreignColumns: [ssoConnections.orgId, ssoConnections.id],
    }),
    foreignKey({ columns: [table.orgId, table.userId], foreignColumns: [members.orgId, members.userId] }),
  ],
);

/** Whom a subject of Google, Microsoft or GitHub is here. Belongs to the person. */
export const userIdentities = pgTable(
  'user_identities',
  {
    id: uuid('id').primaryKey().default(sql`uuidv7()`),
    provider: text('provider', { enum: ['google', 'microsoft', 'github'] }).notNull(),
    /** With the issuer in front where a provider has several: a subject is unique within its issuer only. */
    subject: text('subject').notNull(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    /** The address that the provider gave, to recognise the account. */
    email: citext('email').notNull(),
    createdAt: createdAt(),
    lastUsedAt: moment('last_used_at').notNull().defaultNow(),
  },
  (table) => [unique().on(table.provider, table.subject), index().on(table.userId)],
);

/** A way to a provider that is under way: used once, by the browser that began it, within ten minutes. */
export const signInStates = pgTable(
  'sign_in_states',
  {
    /** SHA-256 of `state`, hex. */
    stateHash: text('state_hash').primaryKey(),
    /** SHA-256 of the secret in the browser's cookie, hex. Nonce and code verifier are made from that secret. */
    browserHash: text('browser_hash').notNull(),
    /** `google`, `microsoft`, `github`; null for a connection of an organization. */
    provider: text('provider', { enum: ['google', 'microsoft', 'github'] }),
    connectionOrgId: uuid('connection_org_id'),
    connectionId: uuid('connection_id'),
    /** Whoever is signed in and links the identity to their account; null for signing in. */
    linkingUserId: uuid('linking_user_id'),
    linkingOrgId: uuid('linking_org_id'),
    /** SAML: whom the provider has proven already, for a request of our own site to let in. */
    provenUserId: uuid('proven_user_id'),
    /** SAML: id of the request that the answer must be to. */
    requestId: text('request_id'),
    /** Path below the public address. */
    returnTo: text('return_to').notNull(),
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [index().on(table.expiresAt)],
);

/** SAML assertions that were used, until they expire: each counts once. */
export const usedAssertions = pgTable(
  'used_assertions',
  {
    orgId: orgId().references(() => organizations.id),
    connectionId: uuid('connection_id').notNull(),
    assertionId: text('assertion_id').notNull(),
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.connectionId, table.assertionId] }),
    index().on(table.orgId, table.expiresAt),
    foreignKey({
      columns: [table.orgId, table.connectionId],
      foreignColumns: [ssoConnections.orgId, ssoConnections.id],
    }),
  ],
);

/** What an identity provider calls with to keep people and groups in step. */
export const scimTokens = pgTable(
  'scim_tokens',
  {
    orgId: orgId().references(() => organizations.id),
    id: id(),
    name: text('name').notNull(),
    /** First and last characters, to recognise it. */
    prefix: text('prefix').notNull(),
    /** SHA-256, hex; the token has 256 random bits. */
    hash: text('hash').notNull(),
    createdBy: uuid('created_by').notNull(),
    createdAt: createdAt(),
    lastUsedAt: moment('last_used_at'),
    expiresAt: moment('expires_at'),
    revokedAt: moment('revoked_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    foreignKey({ columns: [table.orgId, table.createdBy], foreignColumns: [members.orgId, members.userId] }),
  ],
);

/** What an identity provider says of a member. */
export const scimUsers = pgTable(
  'scim_users',
  {
    orgId: orgId().references(() => organizations.id),
    userId: uuid('user_id').notNull(),
    userName: citext('user_name').notNull(),
    externalId: text('external_id'),
    /** Attributes as they were given, for giving them back. */
    attributes: jsonb('attributes').notNull(),
    createdAt: createdAt(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
    /** The provider deleted it: the member is deactivated, and hidden from the provider until it comes again. */
    deletedAt: moment('deleted_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.userId] }),
    unique().on(table.orgId, table.userName),
    uniqueIndex('scim_users_external_id').on(table.orgId, table.externalId),
    foreignKey({ columns: [table.orgId, table.userId], foreignColumns: [members.orgId, members.userId] }),
  ],
);

/** A group of an identity provider, and the role that its members have. */
export const scimGroups = pgTable(
  'scim_groups',
  {
    orgId: orgId().references(() => organizations.id),
    id: id(),
    displayName: citext('display_name').notNull(),
    externalId: text('external_id'),
    roleId: uuid('role_id'),
    /** Of a person's groups with a role, the one with the smallest number decides. */
    priority: integer('priority').notNull().default(100),
    createdAt: createdAt(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    unique().on(table.orgId, table.displayName),
    foreignKey({ columns: [table.orgId, table.roleId], foreignColumns: [roles.orgId, roles.id] }),
  ],
);

export const scimGroupMembers = pgTable(
  'scim_group_members',
  {
    orgId: orgId().references(() => organizations.id),
    groupId: uuid('group_id').notNull(),
    userId: uuid('user_id').notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.groupId, table.userId] }),
    index().on(table.orgId, table.userId),
    foreignKey({
      columns: [table.orgId, table.groupId],
      foreignColumns: [scimGroups.orgId, scimGroups.id],
    }).onDelete('cascade'),
    foreignKey({ columns: [table.orgId, table.userId], foreignColumns: [members.orgId, members.userId] }),
  ],
);
