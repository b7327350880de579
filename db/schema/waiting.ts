import { sql } from 'drizzle-orm';
import {
  check,
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
import { agentRuns } from './agents.js';
import { runs } from './automation.js';
import { createdAt, id, moment, orgId } from './columns.js';

export const waitStatuses = ['open', 'answered', 'expired', 'cancelled'] as const;

/** What steps of runs wait for: an event, the decision of people, or the end of another run. The workflow is woken when it is answered. */
export const waits = pgTable(
  'waits',
  {
    orgId: orgId(),
    id: id(),
    /** Of an automation; null where it is an agent that waits. */
    runId: uuid('run_id'),
    agentRunId: uuid('agent_run_id'),
    /** Of an agent: number of its step. */
    nodeId: text('node_id').notNull(),
    iteration: text('iteration').notNull(),
    /** Attempt of the run; for a wait for another run, that of the other run. */
    attempt: integer('attempt').notNull(),
    /** The workflow to wake; that of a loop's window for a step within one. */
    workflowId: text('workflow_id').notNull(),
    kind: text('kind', { enum: ['event', 'approval', 'run'] }).notNull(),
    status: text('status', { enum: waitStatuses }).notNull().default('open'),
    /** Of an event: `event:task.completed`. Of a run: `run:<id>`. */
    topic: text('topic'),
    /** Of an event: what its payload has to contain. */
    match: jsonb('match').$type<unknown>(),
    /** Of an approval: what is asked of whom; see core/automation/approval. */
    request: jsonb('request').$type<unknown>(),
    /** Of an approval: the votes so far. */
    votes: jsonb('votes').$type<unknown>().notNull().default([]),
    /** What the step's output will be; of a run its status, result and error. */
    answer: jsonb('answer').$type<unknown>(),
    /** Of an approval: how often those who have not decided were reminded, and when more people were asked. */
    remindersSent: integer('reminders_sent').notNull().default(0),
    escalatedAt: moment('escalated_at'),
    createdAt: createdAt(),
    expiresAt: moment('expires_at'),
    /** When it was answered, ran out or was cancelled. */
    closedAt: moment('closed_at'),
    /** When the workflow took the answer; until then it is woken again and again. */
    takenAt: moment('taken_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    unique().on(table.orgId, table.runId, table.nodeId, table.iteration, table.attempt),
    index().on(table.orgId, table.topic).where(sql`status = 'open' and topic is not null`),
    index().on(table.orgId, table.kind, table.createdAt),
    foreignKey({ columns: [table.orgId, table.runId], foreignColumns: [runs.orgId, runs.id] }),
    foreignKey({ columns: [table.orgId, table.agentRunId], foreignColumns: [agentRuns.orgId, agentRuns.id] }),
    uniqueIndex('waits_of_agents')
      .on(table.orgId, table.agentRunId, table.nodeId)
      .where(sql`agent_run_id is not null`),
    check('waits_of_one', sql`num_nonnulls(run_id, agent_run_id) = 1`),
  ],
);
