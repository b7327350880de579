import { sql } from 'drizzle-orm';
import {
  boolean,
  date,
  foreignKey,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import { createdAt, orgId, resourceColumns, tsvector } from './columns.js';
import { members, organizations } from './identity.js';

export const projects = pgTable(
  'projects',
  {
    ...resourceColumns,
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    status: text('status', { enum: ['active', 'archived'] })
      .notNull()
      .default('active'),
    /** Private: only people of the project, and holders of `projects:manage`, know of it. */
    visibility: text('visibility', { enum: ['organization', 'private'] })
      .notNull()
      .default('organization'),
    search: tsvector('search').generatedAlwaysAs(
      sql`setweight(to_tsvector('simple', name), 'A') || setweight(to_tsvector('simple', description), 'B')`,
    ),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    foreignKey({ columns: [table.orgId], foreignColumns: [organizations.id] }),
    index().on(table.orgId, table.createdAt),
    index().using('gin', table.search),
  ],
);

/** The people of a project. */
export const projectMembers = pgTable(
  'project_members',
  {
    orgId: orgId(),
    projectId: uuid('project_id').notNull(),
    userId: uuid('user_id').notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.projectId, table.userId] }),
    foreignKey({ columns: [table.orgId, table.projectId], foreignColumns: [projects.orgId, projects.id] }),
    foreignKey({ columns: [table.orgId, table.userId], foreignColumns: [members.orgId, members.userId] }),
    index().on(table.orgId, table.userId),
  ],
);

export const tasks = pgTable(
  'tasks',
  {
    ...resourceColumns,
    projectId: uuid('project_id').notNull(),
    title: text('title').notNull(),
    description: text('description').notNull().default(''),
    status: text('status', { enum: ['todo', 'in_progress', 'in_review', 'done', 'cancelled'] })
      .notNull()
      .default('todo'),
    priority: text('priority', { enum: ['none', 'low', 'medium', 'high', 'urgent'] })
      .notNull()
      .default('none'),
    assigneeId: uuid('assignee_id'),
    dueDate: date('due_date', { mode: 'string' }),
    labels: text('labels').array().notNull().default(sql`'{}'`),
    /** Place within its status column, as a fractional index; `tasks.move` sets it. */
    rank: text('rank').notNull().default('a0'),
    search: tsvector('search').generatedAlwaysAs(
      sql`setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', description), 'B')`,
    ),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    foreignKey({ columns: [table.orgId, table.projectId], foreignColumns: [projects.orgId, projects.id] }),
    foreignKey({ columns: [table.orgId, table.assigneeId], foreignColumns: [members.orgId, members.userId] }),
    index().on(table.orgId, table.projectId, table.status, table.rank),
    index().on(table.orgId, table.status, table.rank, table.id),
    index().on(table.orgId, table.dueDate, table.id),
    index().on(table.orgId, table.createdAt),
    index().using('gin', table.search),
  ],
);

/** Ways to look at tasks that people have kept: filters, grouping, order and columns, under a name. */
export const taskViews = pgTable(
  'task_views',
  {
    ...resourceColumns,
    /** Whose it is; nobody else sees it unless it is shared. */
    ownerId: uuid('owner_id').notNull(),
    /** The project whose tasks it shows; null: those of all. */
    projectId: uuid('project_id'),
    name: text('name').notNull(),
    isShared: boolean('is_shared').notNull().default(false),
    /** See domains/work/task-view. */
    settings: jsonb('settings').notNull().$type<unknown>(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    foreignKey({ columns: [table.orgId, table.projectId], foreignColumns: [projects.orgId, projects.id] }),
    foreignKey({ columns: [table.orgId, table.ownerId], foreignColumns: [members.orgId, members.userId] }),
    index().on(table.orgId, table.ownerId),
    index().on(table.orgId, table.projectId),
  ],
);
