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
import type { Plan } from '#core/automation/plan.js';
import type { RunAnswer } from '#core/automation/run.js';
import { createdAt, id, moment, orgId, resourceColumns } from './columns.js';
import { grants, organizations } from './identity.js';

export const automations = pgTable(
  'automations',
  {
    ...resourceColumns,
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    /** What the builder saves: may be incomplete. */
    draft: jsonb('draft').notNull().$type<unknown>(),
    status: text('status', { enum: ['draft', 'active', 'paused'] })
      .notNull()
      .default('draft'),
    /** Null until first published. */
    publishedVersion: integer('published_version'),
    ownerId: uuid('owner_id').notNull(),
    /** Who changed it last. */
    updatedBy: uuid('updated_by').notNull(),
    /** Why its trigger does not work at present: code, message, when it happened, when it is tried again. */
    triggerError: jsonb('trigger_error').$type<unknown>(),
    /** Last part of its webhook address, and the local part of its inbound mail address. */
    hookKey: text('hook_key').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    foreignKey({ columns: [table.orgId], foreignColumns: [organizations.id] }),
    unique().on(table.orgId, table.hookKey),
    index().on(table.orgId, table.createdAt),
  ],
);

/**
 * Immutable. Runs pin one. Numbers count up from 1 for what was published, and down from -1 for what was made of a draft
 * to test it: that is never listed, listens to nothing, and goes again.
 */
export const automationVersions = pgTable(
  'automation_versions',
  {
    orgId: orgId(),
    automationId: uuid('automation_id').notNull(),
    version: integer('version').notNull(),
    definition: jsonb('definition').notNull().$type<unknown>(),
    plan: jsonb('plan').notNull().$type<Plan>(),
    /** SHA-256 of the definition, hex. */
    hash: text('hash').notNull(),
    isLight: boolean('is_light').notNull(),
    grantId: uuid('grant_id').notNull(),
    publishedBy: uuid('published_by').notNull(),
    note: text('note').notNull().default(''),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.automationId, table.version] }),
    foreignKey({
      columns: [table.orgId, table.automationId],
      foreignColumns: [automations.orgId, automations.id],
    }),
    foreignKey({ columns: [table.orgId, table.grantId], foreignColumns: [grants.orgId, grants.id] }),
  ],
);

/** Immutable. Drafts that something else took the place of, so that they can be had back. */
export const automationDrafts = pgTable(
  'automation_drafts',
  {
    orgId: orgId(),
    automationId: uuid('automation_id').notNull(),
    /** Version of the automation's row when this was its draft. */
    number: integer('number').notNull(),
    draft: jsonb('draft').notNull().$type<unknown>(),
    replacedBy: uuid('replaced_by').notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.automationId, table.number] }),
    foreignKey({
      columns: [table.orgId, table.automationId],
      foreignColumns: [automations.orgId, automations.id],
    }),
  ],
);

/** Values that expressions of all automations see as `vars.<name>`. Not secret. */
export const variables = pgTable(
  'variables',
  {
    ...resourceColumns,
    name: text('name').notNull(),
    /** Any JSON; null is null. */
    value: jsonb('value').$type<unknown>(),
    description: text('description').notNull().default(''),
    /** Who changed it last. */
    updatedBy: uuid('updated_by').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    foreignKey({ columns: [table.orgId], foreignColumns: [organizations.id] }),
    uniqueIndex('variables_name').on(table.orgId, table.name).where(sql`deleted_at is null`),
  ],
);

/**
 * Automations that the clock starts, or has ask an app for news: how far the engine knows of it. What it shall know
 * follows from automation and listener. A row for each that ever had such a trigger.
 */
export const schedules = pgTable(
  'schedules',
  {
    orgId: orgId(),
    automationId: uuid('automation_id').notNull(),
    /** Counts what the engine has to be told: publishing, pausing, resuming, deleting, further moments. */
    revision: integer('revision').notNull().default(1),
    revisedAt: moment('revised_at').notNull().defaultNow(),
    /** The last revision that the engine has been told. */
    applied: integer('applied').notNull().default(0),
    /** While a dispatcher tells the engine. */
    busyUntil: moment('busy_until'),
    /** The last moment that the engine knows; null: it needs no list of them. */
    plannedUntil: moment('planned_until'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.automationId] }),
    foreignKey({
      columns: [table.orgId, table.automationId],
      foreignColumns: [automations.orgId, automations.id],
    }),
  ],
);

/** How far automations that ask an app for news have come. Gone while they do not ask. */
export const polls = pgTable(
  'polls',
  {
    orgId: orgId(),
    automationId: uuid('automation_id').notNull(),
    /** SHA-256, hex, of what is watched: trigger, connection and input. A cursor is of use for the same only. */
    watched: text('watched').notNull(),
    /** Null until the app has been asked with success. */
    cursor: jsonb('cursor').$type<unknown>(),
    lastPolledAt: moment('last_polled_at'),
    /** In a row. */
    failures: integer('failures').notNull().default(0),
    /** After a failure: the app is not asked before. */
    nextPollAt: moment('next_poll_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.automationId] }),
    foreignKey({
      columns: [table.orgId, table.automationId],
      foreignColumns: [automations.orgId, automations.id],
    }),
  ],
);

/** What each active automation listens to: one row, of its published version. */
export const listeners = pgTable(
  'listeners',
  {
    orgId: orgId(),
    automationId: uuid('automation_id').notNull(),
    version: integer('version').notNull(),
    /** `event:task.created`, `delivery:github.issue_opened`, `delivery:webhook`, `delivery:form`, `delivery:email.received`. */
    topic: text('topic').notNull(),
    /** The hook key that a delivery must have come in by; empty for events. */
    hookKey: text('hook_key').notNull().default(''),
    /** Of a webhook that has one: what follows the key in its address. */
    path: text('path'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.automationId] }),
    unique().on(table.orgId, table.path),
    index().on(table.orgId, table.topic, table.hookKey),
    foreignKey({
      columns: [table.orgId, table.automationId, table.version],
      foreignColumns: [automationVersions.orgId, automationVersions.automationId, automationVersions.version],
    }),
  ],
);

export const runStatuses = ['queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled'] as const;
export const stepStatuses = [...runStatuses, 'skipped'] as const;

/** Why a run that is queued has not been handed to the engine. */
export const holdReasons = ['dispatcher', 'debounce', 'throttle', 'concurrency', 'quota', 'paused'] as const;

export const runs = pgTable(
  'runs',
  {
    orgId: orgId(),
    id: id(),
    automationId: uuid('automation_id').notNull(),
    automationVersion: integer('automation_version').notNull(),
    status: text('status', { enum: runStatuses }).notNull().default('queued'),
    /** What started it: a delivery, an event, a person, or a step of another run; with the id of it. */
    sourceKind: text('source_kind', { enum: ['delivery', 'event', 'manual', 'subflow'] }).notNull(),
    sourceId: uuid('source_id').notNull(),
    /** Input of a run that was started by hand, by a step or by a failure. Deliveries and events keep theirs in their own row. */
    input: jsonb('input').$type<unknown>(),
    /** The Temporal workflow that carries it, alone or with others of its version; decided before it is started. */
    workflowId: text('workflow_id').notNull(),
    /** How many automations stand between this run and the outside event that began the chain. */
    depth: integer('depth').notNull().default(0),
    /** It tries out a draft, or was started by a run that does. */
    isTest: boolean('is_test').notNull().default(false),
    /** Counts from 1; each retry of the run is one more. */
    attempt: integer('attempt').notNull().default(1),
    /** The run whose input this one repeats. */
    rerunOf: uuid('rerun_of'),
    /** The run and its step that started this one as a subflow. */
    parentRunId: uuid('parent_run_id'),
    parentNodeId: text('parent_node_id'),
    parentIteration: text('parent_iteration'),
    /** The run whose failure this one deals with; so do the subflows that it starts. */
    failedRunId: uuid('failed_run_id'),
    result: jsonb('result').$type<unknown>(),
    /** What its first `respond` node answered; see core/automation/run. */
    answer: jsonb('answer').$type<RunAnswer>(),
    error: jsonb('error').$type<unknown>(),
    /** Why it is not started yet; null once it was handed to the engine. Of a cancelled one what it waited for. */
    heldFor: text('held_for', { enum: holdReasons }),
    /** Its place: those that wait for the same start in the order of this. Of a debounced one when the first came. */
    heldAt: moment('held_at'),
    /** When its turn is looked at again, where that is known. */
    heldUntil: moment('held_until'),
    /** Of runs with limits: those of the automation that wait for each other have the same. */
    line: text('line'),
    throttleKey: text('throttle_key'),
    debounceKey: text('debounce_key'),
    /** Of runs with limits: when they were let go. */
    releasedAt: moment('released_at'),
    createdAt: createdAt(),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
    /** Set when it was terminated: what its workflow still writes is not taken. */
    terminatedAt: moment('terminated_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    unique().on(table.orgId, table.automationId, table.sourceKind, table.sourceId),
    index().on(table.orgId, table.automationId, table.createdAt),
    index().on(table.orgId, table.createdAt),
    index().on(table.orgId, table.automationId, table.finishedAt).where(sql`status = 'succeeded'`),
    uniqueIndex()
      .on(table.orgId, table.parentRunId, table.parentNodeId, table.parentIteration)
      .where(sql`parent_run_id is not null`),
    index().on(table.orgId, table.finishedAt).where(sql`finished_at is not null`),
    index().on(table.orgId, table.failedRunId).where(sql`failed_run_id is not null`),
    index().on(table.orgId, table.sourceId),
    index().on(table.orgId, table.workflowId),
    index('runs_at_work').on(table.orgId).where(sql`held_for is null and status in ('queued', 'running')`),
    index('runs_held')
      .on(table.orgId, table.heldFor, table.heldAt, table.id)
      .where(sql`held_for is not null and status = 'queued'`),
    index('runs_in_line')
      .on(table.orgId, table.automationId, table.line, table.heldAt, table.id)
      .where(sql`line is not null and held_for is not null and status = 'queued'`),
    index('runs_out_of_line')
      .on(table.orgId, table.automationId, table.line)
      .where(sql`line is not null and held_for is null and status in ('queued', 'running', 'waiting')`),
    index('runs_throttled')
      .on(table.orgId, table.automationId, table.throttleKey, table.releasedAt)
      .where(sql`throttle_key is not null`),
    index('runs_debounced')
      .on(table.orgId, table.automationId, table.debounceKey)
      .where(sql`held_for = 'debounce' and status = 'queued'`),
    foreignKey({
      columns: [table.orgId, table.automationId, table.automationVersion],
      foreignColumns: [automationVersions.orgId, automationVersions.automationId, automationVersions.version],
    }),
    foreignKey({ columns: [table.orgId, table.parentRunId], foreignColumns: [table.orgId, table.id] }),
    foreignKey({ columns: [table.orgId, table.failedRunId], foreignColumns: [table.orgId, table.id] }),
  ],
);

export const runSteps = pgTable(
  'run_steps',
  {
    orgId: orgId(),
    runId: uuid('run_id').notNull(),
    nodeId: text('node_id').notNull(),
    /** See core/automation/run: empty outside of loops. */
    iteration: text('iteration').notNull().default(''),
    status: text('status', { enum: stepStatuses }).notNull(),
    /** `{inline}` or `{ref, size, sha256}`; see core/automation/packed-value. */
    input: jsonb('input').$type<unknown>(),
    output: jsonb('output').$type<unknown>(),
    error: jsonb('error').$type<unknown>(),
    attempts: integer('attempts').notNull().default(1),
    /** Not performed: its output was given before the run. */
    pinned: boolean('pinned').notNull().default(false),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.runId, table.nodeId, table.iteration] }),
    foreignKey({ columns: [table.orgId, table.runId], foreignColumns: [runs.orgId, runs.id] }),
  ],
);

/**
 * Attempts of steps that failed, and those that succeeded after one that did. Runs keep those of their earlier attempts;
 * an attempt whose worker was lost has no row.
 */
export const runStepAttempts = pgTable(
  'run_step_attempts',
  {
    orgId: orgId(),
    runId: uuid('run_id').notNull(),
    nodeId: text('node_id').notNull(),
    iteration: text('iteration').notNull(),
    /** Of the run. */
    runAttempt: integer('run_attempt').notNull(),
    /** Of the step within that, from 1. */
    attempt: integer('attempt').notNull(),
    status: text('status', { enum: ['succeeded', 'failed'] }).notNull(),
    error: jsonb('error').$type<unknown>(),
    startedAt: moment('started_at').notNull(),
    finishedAt: moment('finished_at').notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.orgId, table.runId, table.nodeId, table.iteration, table.runAttempt, table.attempt],
    }),
    foreignKey({ columns: [table.orgId, table.runId], foreignColumns: [runs.orgId, runs.id] }),
  ],
);
