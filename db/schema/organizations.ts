import { sql } from 'drizzle-orm';
import {
  boolean,
  foreignKey,
  index,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { createdAt, orgId, resourceColumns } from './columns.js';
import { members, organizations } from './identity.js';

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
