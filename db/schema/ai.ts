import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { budgetPeriods, budgetScopes } from '#core/ai/budget.js';
import { type ModelPrice, modelPurposes } from '#core/ai/model.js';
import { createdAt, id, moment, orgId, resourceColumns } from './columns.js';
import { members, organizations } from './identity.js';
import { connections } from './integration.js';

/** Millionths of a minor unit. */
const micros = (name: string) => bigint(name, { mode: 'number' });

/** What can be kept of prompts and replies: all, what is left without secrets and personal data, nothing. */
export const contentPolicies = ['full', 'masked', 'none'] as const;

/** What an organization says of its language models; else the defaults hold. */
export const aiSettings = pgTable('ai_settings', {
  orgId: orgId()
    .primaryKey()
    .references(() => organizations.id),
  contentPolicy: text('content_policy', { enum: contentPolicies }).notNull().default('masked'),
  /** Whether the platform's demo model answers where nothing else is chosen. */
  allowsDemo: boolean('allows_demo').notNull().default(true),
  /** Since when no agent works; and who has stopped them. */
  agentsStoppedAt: moment('agents_stopped_at'),
  agentsStoppedBy: uuid('agents_stopped_by'),
});

/** Models that an organization has entered, in place of or beside those that are known. */
export const aiModels = pgTable(
  'ai_models',
  {
    orgId: orgId().references(() => organizations.id),
    /** Name of the connector. */
    provider: text('provider').notNull(),
    model: text('model').notNull(),
    title: text('title').notNull(),
    contextTokens: integer('context_tokens').notNull(),
    maxOutputTokens: integer('max_output_tokens').notNull(),
    abilities: text('abilities').array().notNull(),
    price: jsonb('price').notNull().$type<ModelPrice>(),
    updatedBy: uuid('updated_by').notNull(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.provider, table.model] })],
);

/** Which models an organization uses for what: the first, and where that fails the next. */
export const aiModelChoices = pgTable(
  'ai_model_choices',
  {
    orgId: orgId(),
    purpose: text('purpose', { enum: modelPurposes }).notNull(),
    rank: smallint('rank').notNull(),
    /** Null: the platform's demo model. */
    connectionId: uuid('connection_id'),
    model: text('model').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.purpose, table.rank] }),
    foreignKey({ columns: [table.orgId], foreignColumns: [organizations.id] }),
    foreignKey({
      columns: [table.orgId, table.connectionId],
      foreignColumns: [connections.orgId, connections.id],
    }),
  ],
);

/** How much may be spent on models, by whom, over which time. */
export const aiBudgets = pgTable(
  'ai_budgets',
  {
    ...resourceColumns,
    name: text('name').notNull(),
    scope: text('scope', { enum: budgetScopes }).notNull(),
    /** Of whom; null: each of them has this much. */
    subjectId: uuid('subject_id'),
    period: text('period', { enum: budgetPeriods }).notNull(),
    /** Minor units. */
    limitMinor: bigint('limit_minor', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    foreignKey({ columns: [table.orgId], foreignColumns: [organizations.id] }),
    index().on(table.orgId, table.createdAt),
    check('ai_budgets_limit', sql`limit_minor >= 0`),
  ],
);

/** How much of a budget is spent, and held back for calls that are out. */
export const aiSpending = pgTable(
  'ai_spending',
  {
    orgId: orgId(),
    budgetId: uuid('budget_id').notNull(),
    subjectId: uuid('subject_id').notNull(),
    /** First day, in UTC; 1970-01-01 for all time. */
    periodStart: date('period_start').notNull(),
    spent: micros('spent').notNull().default(0),
    reserved: micros('reserved').notNull().default(0),
    /** When people were told that it runs out. */
    warnedAt: moment('warned_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.budgetId, table.subjectId, table.periodStart] }),
    foreignKey({ columns: [table.orgId, table.budgetId], foreignColumns: [aiBudgets.orgId, aiBudgets.id] }),
    check('ai_spending_sums', sql`spent >= 0 and reserved >= 0`),
  ],
);

/** Calls that are out, with what is held back for them. Gone when the call ends, or once it can't be going on any more. */
export const aiReservations = pgTable(
  'ai_reservations',
  {
    orgId: orgId().references(() => organizations.id),
    id: id(),
    /** The connection, or `demo`: so many calls may be out to it. */
    lane: text('lane').notNull(),
    amount: micros('amount').notNull(),
    /** Where it is held back: budgets, subjects and period starts, in the same order. */
    budgetIds: uuid('budget_ids').array().notNull(),
    subjectIds: uuid('subject_ids').array().notNull(),
    periodStarts: date('period_starts').array().notNull(),
    createdAt: createdAt(),
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    index().on(table.orgId, table.lane, table.expiresAt),
  ],
);

/** Immutable: every call of a model, and what it cost. */
export const aiCalls = pgTable(
  'ai_calls',
  {
    orgId: orgId().references(() => organizations.id),
    id: id(),
    createdAt: createdAt(),
    /** Who called: `user`, `api_key`, `automation`, `agent`; and which. */
    principalKind: text('principal_kind').notNull(),
    principalId: uuid('principal_id').notNull(),
    /** On whose behalf. */
    userId: uuid('user_id').notNull(),
    /** Their own department at that moment. */
    departmentId: uuid('department_id'),
    agentId: uuid('agent_id'),
    agentVersion: integer('agent_version'),
    runId: uuid('run_id'),
    /** Of the run. */
    step: text('step'),
    purpose: text('purpose', { enum: modelPurposes }).notNull(),
    operation: text('operation', { enum: ['complete', 'embed'] }).notNull(),
    provider: text('provider').notNull(),
    connectionId: uuid('connection_id'),
    model: text('model').notNull(),
    /** All of the request but messages. */
    parameters: jsonb('parameters').notNull().$type<unknown>(),
    /** `{inline}` or `{ref, size, sha256}`, by the policy of that moment; null: not kept. */
    prompt: jsonb('prompt').$type<unknown>(),
    reply: jsonb('reply').$type<unknown>(),
    inputTokens: integer('input_tokens').notNull(),
    cachedInputTokens: integer('cached_input_tokens').notNull(),
    outputTokens: integer('output_tokens').notNull(),
    /** The provider has not said how many; these are the most it can be. */
    isEstimated: boolean('is_estimated').notNull(),
    /** Minor units for a million tokens. */
    price: jsonb('price').notNull().$type<ModelPrice>(),
    cost: micros('cost').notNull(),
    /** Milliseconds. */
    latencyMs: integer('latency_ms').notNull(),
    firstTokenMs: integer('first_token_ms'),
    /** `succeeded`, `cancelled`, or the error's code. */
    outcome: text('outcome').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    index().on(table.orgId, table.createdAt),
    index().on(table.orgId, table.runId).where(sql`run_id is not null`),
    index().on(table.orgId, table.agentId, table.createdAt).where(sql`agent_id is not null`),
    index().on(table.orgId, table.userId, table.createdAt),
    foreignKey({ columns: [table.orgId, table.userId], foreignColumns: [members.orgId, members.userId] }),
  ],
);

/** The calls of a day, summed up by all that they can be asked for by. */
export const aiDailyUsage = pgTable(
  'ai_daily_usage',
  {
    orgId: orgId().references(() => organizations.id),
    id: id(),
    /** UTC. */
    day: date('day').notNull(),
    principalKind: text('principal_kind').notNull(),
    principalId: uuid('principal_id').notNull(),
    userId: uuid('user_id').notNull(),
    departmentId: uuid('department_id'),
    agentId: uuid('agent_id'),
    purpose: text('purpose', { enum: modelPurposes }).notNull(),
    provider: text('provider').notNull(),
    model: text('model').notNull(),
    calls: integer('calls').notNull(),
    failures: integer('failures').notNull(),
    inputTokens: bigint('input_tokens', { mode: 'number' }).notNull(),
    cachedInputTokens: bigint('cached_input_tokens', { mode: 'number' }).notNull(),
    outputTokens: bigint('output_tokens', { mode: 'number' }).notNull(),
    cost: micros('cost').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    uniqueIndex('ai_daily_usage_day').on(
      table.orgId,
      table.day,
      table.principalKind,
      table.principalId,
      table.userId,
      table.purpose,
      table.provider,
      table.model,
      sql`coalesce(department_id::text, '')`,
      sql`coalesce(agent_id::text, '')`,
    ),
    index().on(table.orgId, table.day),
  ],
);

/** Up to where the calls of an organization are summed up: those of all days before, and of no other. */
export const aiClosedUsage = pgTable('ai_closed_usage', {
  orgId: orgId()
    .primaryKey()
    .references(() => organizations.id),
  /** UTC. */
  before: date('before').notNull(),
});
