import {
  bigint,
  boolean,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { bytea, citext, createdAt, id, moment, orgId } from './columns.js';
import { members, organizations, users } from './identity.js';

/** A person who has signed in to an organization, in one browser or program. */
export const sessions = pgTable(
  'sessions',
  {
    orgId: orgId(),
    id: id(),
    userId: uuid('user_id').notNull(),
    /** SHA-256 of the present refresh token, and of the one before it, hex. */
    secretHash: text('secret_hash').notNull(),
    previousHash: text('previous_hash'),
    rotatedAt: moment('rotated_at'),
    /** How often its refresh token was replaced. */
    rotations: integer('rotations').notNull().default(0),
    /** `password`, `totp`, `passkey`, `oidc`, `saml`, `recovery_code`: how its person proved who they are. */
    methods: text('methods').array().notNull(),
    /** Of its last use. */
    ip: text('ip'),
    userAgent: text('user_agent'),
    createdAt: createdAt(),
    lastUsedAt: moment('last_used_at').notNull().defaultNow(),
    /** Of the last proof of who it is. */
    authenticatedAt: moment('authenticated_at').notNull().defaultNow(),
    /** Moves on with each use. */
    idleUntil: moment('idle_until').notNull(),
    endsAt: moment('ends_at').notNull(),
    revokedAt: moment('revoked_at'),
    /** `log_out`, `revoked`, `reuse`, `replaced` by another in the same browser, `password`, `surplus`. */
    revokeReason: text('revoke_reason'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    index().on(table.orgId, table.userId, table.createdAt),
    foreignKey({
      columns: [table.orgId, table.userId],
      foreignColumns: [members.orgId, members.userId],
    }).onDelete('cascade'),
  ],
);

/** What an organization asks of those who sign in. Without a row the defaults hold. */
export const signInRules = pgTable('sign_in_rules', {
  orgId: uuid('org_id')
    .primaryKey()
    .references(() => organizations.id),
  /** A session that is not used for so long ends. */
  idleMinutes: integer('idle_minutes').notNull(),
  /** A session ends after so long, however much it is used. */
  absoluteHours: integer('absolute_hours').notNull(),
  needsSecondFactor: boolean('needs_second_factor').notNull(),
  updatedAt: moment('updated_at').notNull().defaultNow(),
});

const userId = () =>
  uuid('user_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' });

/** A browser from which a person has signed in before: nobody's failures elsewhere keep them out of it. */
export const knownDevices = pgTable(
  'known_devices',
  {
    userId: userId(),
    /** SHA-256 of the device cookie, hex. */
    hash: text('hash').notNull(),
    createdAt: createdAt(),
    lastUsedAt: moment('last_used_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.hash] })],
);

/** A person's tries to sign in, for them to look at. */
export const logIns = pgTable(
  'log_ins',
  {
    userId: userId(),
    id: id(),
    at: createdAt(),
    /** `succeeded`, or what was wrong: `password`, `second_factor`. */
    outcome: text('outcome', { enum: ['succeeded', 'password', 'second_factor'] }).notNull(),
    methods: text('methods').array().notNull(),
    /** Where they got in. No key of the tenant: the row is the person's own. */
    organizationId: uuid('organization_id'),
    ip: text('ip'),
    network: text('network'),
    userAgent: text('user_agent'),
    isNewDevice: boolean('is_new_device').notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.id] }),
    index().on(table.userId, table.at),
    index().on(table.at),
  ],
);

/** How often something failed of late, by the hash of what failed: an address, a network, a device. */
export const throttles = pgTable(
  'throttles',
  {
    /** SHA-256, hex: it tells nobody whose it is. */
    key: text('key').primaryKey(),
    failures: integer('failures').notNull(),
    blockedUntil: moment('blocked_until').notNull(),
    lastAt: moment('last_at').notNull().defaultNow(),
  },
  (table) => [index().on(table.lastAt)],
);

/** A link that was mailed to a person: to verify an address, to set a new password, to change the address. */
export const emailTokens = pgTable(
  'email_tokens',
  {
    userId: userId(),
    id: id(),
    purpose: text('purpose', { enum: ['verify', 'reset', 'change'] }).notNull(),
    /** SHA-256 of the token, hex. */
    hash: text('hash').notNull(),
    /** The address that it was sent to. */
    email: citext('email').notNull(),
    createdAt: createdAt(),
    expiresAt: moment('expires_at').notNull(),
    usedAt: moment('used_at'),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.id] }),
    index().on(table.userId, table.purpose, table.createdAt),
  ],
);

/** A person's authenticator app (RFC 6238). */
export const totpSecrets = pgTable('totp_secrets', {
  userId: uuid('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  /** Sealed for the person. */
  secret: text('secret').notNull(),
  createdAt: createdAt(),
  /** When its first code was given; before, it asks for nothing. */
  confirmedAt: moment('confirmed_at'),
  /** The step of time of the last code that was taken: none is taken twice. */
  lastStep: bigint('last_step', { mode: 'number' }).notNull().default(0),
});

/** Codes for one who has lost the second factor, each good once. */
export const recoveryCodes = pgTable(
  'recovery_codes',
  {
    userId: userId(),
    id: id(),
    /** SHA-256 of person and code, hex. A code has 80 random bits. */
    hash: text('hash').notNull(),
    createdAt: createdAt(),
    usedAt: moment('used_at'),
  },
  (table) => [primaryKey({ columns: [table.userId, table.id] }), unique().on(table.userId, table.hash)],
);

/** A WebAuthn credential. */
export const passkeys = pgTable(
  'passkeys',
  {
    userId: userId(),
    id: id(),
    name: text('name').notNull(),
    /** Base64url, made by the authenticator. */
    credentialId: text('credential_id').notNull().unique(),
    /** COSE. */
    publicKey: bytea('public_key').notNull(),
    counter: bigint('counter', { mode: 'number' }).notNull(),
    transports: text('transports').array().notNull(),
    /** Copied between the person's devices by their vendor. */
    isBackedUp: boolean('is_backed_up').notNull(),
    createdAt: createdAt(),
    lastUsedAt: moment('last_used_at'),
  },
  (table) => [primaryKey({ columns: [table.userId, table.id] })],
);

/** What somebody was asked for on the way in, or for a passkey: answered once, tried a few times. */
export const signInChallenges = pgTable(
  'sign_in_challenges',
  {
    userId: userId(),
    id: id(),
    purpose: text('purpose').notNull(),
    attempts: integer('attempts').notNull().default(0),
    createdAt: createdAt(),
    expiresAt: moment('expires_at').notNull(),
    usedAt: moment('used_at'),
  },
  (table) => [primaryKey({ columns: [table.userId, table.id] }), index().on(table.userId, table.expiresAt)],
);
