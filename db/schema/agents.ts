import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { memoryScopes } from '#core/agents/memory.js';
import { agentRunStatuses, agentStepKinds, agentStepStatuses } from '#core/agents/run.js';
import { createdAt, id, moment, orgId, resourceColumns } from './columns.js';
import { grants, members, organizations } from './identity.js';
import { departments } from './organizations.js';

export const agentStatuses = ['draft', 'active', 'paused', 'retired'] as const;

/** Workers of the organization that act by a model, within a grant. */
export const agents = pgTable(
  'agents',
  {
    ...resourceColumns,
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    /** An emoji. */
    avatar: text('avatar').notNull().default('🤖'),
    departmentId: uuid('department_id'),
    status: text('status', { enum: agentStatuses }).notNull().default('draft'),
    /** What is edited; see core/agents/definition. */
    draft: jsonb('draft').notNull().$type<unknown>(),
    /** Null until first published. */
    publishedVersion: integer('published_version'),
    ownerId: uuid('owner_id').notNull(),
    /** Who changed it last. */
    updatedBy: uuid('updated_by').notNull(),
    /** Only those may use it whom `agent_access` names; else everybody who may use agents. */
    isRestricted: boolean('is_restricted').notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    foreignKey({ columns: [table.orgId], foreignColumns: [organizations.id] }),
    foreignKey({
      columns: [table.orgId, table.departmentId],
      foreignColumns: [departments.orgId, departments.id],
    }),
    index().on(table.orgId, table.createdAt),
  ],
);

/** Who may use an agent that is restricted: people, and everybody with a role. */
export const agentAccess = pgTable(
  'agent_access',
  {
    orgId: orgId(),
    agentId: uuid('agent_id').notNull(),
    kind: text('kind', { enum: ['user', 'role'] }).notNull(),
    /** Id of the user or of the role. */
    subjectId: uuid('subject_id').notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.agentId, table.kind, table.subjectId] }),
    foreignKey({ columns: [table.orgId, table.agentId], foreignColumns: [agents.orgId, agents.id] }),
  ],
);

/** Immutable. Runs pin one. */
export const agentVersions = pgTable(
  'agent_versions',
  {
    orgId: orgId(),
    agentId: uuid('agent_id').notNull(),
    version: integer('version').notNull(),
    definition: jsonb('definition').notNull().$type<unknown>(),
    /** SHA-256 of the definition, hex. */
    hash: text('hash').notNull(),
    grantId: uuid('grant_id').notNull(),
    publishedBy: uuid('published_by').notNull(),
    note: text('note').notNull().default(''),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.agentId, table.version] }),
    foreignKey({ columns: [table.orgId, table.agentId], foreignColumns: [agents.orgId, agents.id] }),
    foreignKey({ columns: [table.orgId, table.grantId], foreignColumns: [grants.orgId, grants.id] }),
  ],
);

/** A conversation with an agent, or a piece of work that it does. All that its workflow needs is here. */
export const agentRuns = pgTable(
  'agent_runs',
  {
    orgId: orgId(),
    id: id(),
    agentId: uuid('agent_id').notNull(),
    agentVersion: integer('agent_version').notNull(),
    /** On whose behalf: this person's rights bound it at every moment. */
    userId: uuid('user_id').notNull(),
    title: text('title').notNull(),
    status: text('status', { enum: agentRunStatuses }).notNull().default('queued'),
    /** It ends with its first answer. */
    isTask: boolean('is_task').notNull().default(false),
    /** The run of an agent that handed this one on, and its step. */
    parentRunId: uuid('parent_run_id'),
    parentStep: integer('parent_step'),
    /** How many agents stand before it. */
    depth: integer('depth').notNull().default(0),
    /** Text from outside has come into it. */
    isTainted: boolean('is_tainted').notNull().default(false),
    /** Number of the last message and of the last step. */
    lastMessage: integer('last_message').notNull().default(0),
    lastStep: integer('last_step').notNull().default(0),
    /** Since the last word of a person: calls of the model and of tools, and since when. */
    turnModelCalls: integer('turn_model_calls').notNull().default(0),
    turnToolCalls: integer('turn_tool_calls').notNull().default(0),
    turnStartedAt: moment('turn_started_at').notNull().defaultNow(),
    /** Counts what its workflow is to hear of, and how much of it has been heard. */
    wakes: integer('wakes').notNull().default(1),
    wakesTaken: integer('wakes_taken').notNull().default(0),
    cancelRequestedAt: moment('cancel_requested_at'),
    pausedAt: moment('paused_at'),
    /** Of a task, its answer. */
    result: jsonb('result').$type<unknown>(),
    error: jsonb('error').$type<unknown>(),
    createdAt: createdAt(),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
    /** When something was last said. */
    activeAt: moment('active_at').notNull().defaultNow(),
    /** Put away by its person; it can be brought back. */
    deletedAt: moment('deleted_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    index().on(table.orgId, table.agentId, table.createdAt),
    index().on(table.orgId, table.userId, table.activeAt),
    uniqueIndex().on(table.orgId, table.parentRunId, table.parentStep).where(sql`parent_run_id is not null`),
    foreignKey({
      columns: [table.orgId, table.agentId, table.agentVersion],
      foreignColumns: [agentVersions.orgId, agentVersions.agentId, agentVersions.version],
    }),
    foreignKey({ columns: [table.orgId, table.userId], foreignColumns: [members.orgId, members.userId] }),
    foreignKey({ columns: [table.orgId, table.parentRunId], foreignColumns: [table.orgId, table.id] }),
  ],
);

/** What was said, in its order. What tools have given is with their steps. */
export const agentMessages = pgTable(
  'agent_messages',
  {
    orgId: orgId(),
    runId: uuid('run_id').notNull(),
    number: integer('number').notNull(),
    /** `summary` stands for all messages before it, which stay. */
    role: text('role', { enum: ['user', 'assistant', 'summary'] }).notNull(),
    /** `{inline}` or `{ref, size, sha256}`: text, and of the assistant its calls of tools. */
    content: jsonb('content').notNull().$type<unknown>(),
    /** Of a person's: who wrote it. */
    userId: uuid('user_id'),
    /** Of the assistant's: the step that it came from. */
    step: integer('step'),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.runId, table.number] }),
    foreignKey({ columns: [table.orgId, table.runId], foreignColumns: [agentRuns.orgId, agentRuns.id] }),
  ],
);

/** What an agent did: each call of its model and of a tool. */
export const agentSteps = pgTable(
  'agent_steps',
  {
    orgId: orgId(),
    runId: uuid('run_id').notNull(),
    number: integer('number').notNull(),
    kind: text('kind', { enum: agentStepKinds }).notNull(),
    status: text('status', { enum: agentStepStatuses }).notNull().default('pending'),
    /** Of a tool: its name there, the model's id of the call, and the step of the model that asked for it. */
    tool: text('tool'),
    toolCallId: text('tool_call_id'),
    modelStep: integer('model_step'),
    /** Of a tool: the action that it is. */
    action: text('action'),
    /** `{inline}` or `{ref, size, sha256}`. */
    input: jsonb('input').$type<unknown>(),
    output: jsonb('output').$type<unknown>(),
    error: jsonb('error').$type<unknown>(),
    /** Of a tool: what it waits for. */
    waitsFor: text('waits_for', { enum: ['approval', 'answer', 'moment', 'agent'] }),
    waitsUntil: moment('waits_until'),
    /** Of a model: number of the last message that it was told. */
    seenMessage: integer('seen_message'),
    /** Of a model: its call in the log, and what it cost, in millionths of a minor unit. */
    callId: uuid('call_id'),
    cost: bigint('cost', { mode: 'number' }).notNull().default(0),
    inputTokens: integer('input_tokens').notNull().default(0),
    outputTokens: integer('output_tokens').notNull().default(0),
    attempts: integer('attempts').notNull().default(0),
    createdAt: createdAt(),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.runId, table.number] }),
    index().on(table.orgId, table.runId, table.modelStep),
    foreignKey({ columns: [table.orgId, table.runId], foreignColumns: [agentRuns.orgId, agentRuns.id] }),
  ],
);

/** What agents are to know beyond one conversation. */
export const agentMemories = pgTable(
  'agent_memories',
  {
    ...resourceColumns,
    /** Who knows it: all agents, one agent, or all that act for one person. */
    scope: text('scope', { enum: memoryScopes }).notNull(),
    agentId: uuid('agent_id'),
    userId: uuid('user_id'),
    text: text('text').notNull(),
    /** Who wrote it, or on whose behalf an agent did. */
    createdBy: uuid('created_by').notNull(),
    updatedBy: uuid('updated_by').notNull(),
    /** Of what an agent wrote: which one, in which run (which may be gone by now), told by which message of a person. */
    writtenByAgentId: uuid('written_by_agent_id'),
    runId: uuid('run_id'),
    message: integer('message'),
    /** The run had heard text from outside, and a person has agreed. */
    isTainted: boolean('is_tainted').notNull().default(false),
    expiresAt: moment('expires_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    index().on(table.orgId, table.scope, table.updatedAt),
    index().on(table.orgId, table.userId),
    foreignKey({ columns: [table.orgId, table.agentId], foreignColumns: [agents.orgId, agents.id] }),
    foreignKey({ columns: [table.orgId, table.writtenByAgentId], foreignColumns: [agents.orgId, agents.id] }),
    foreignKey({ columns: [table.orgId, table.userId], foreignColumns: [members.orgId, members.userId] }),
    check(
      'agent_memories_scope',
      sql`(scope = 'agent') = (agent_id is not null) and (scope = 'user') = (user_id is not null)`,
    ),
  ],
);
