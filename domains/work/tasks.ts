import { z } from 'zod';
import { projects, tasks as table } from '#db/schema/index.js';
import { projectPolicy } from '#runtime/policies/project-visibility.js';
import { defineResource } from '#runtime/resource/define-resource.js';
import { above, below, contains, equals, isGiven, oneOf } from '#runtime/resource/filters.js';
import { byColumn, byRank } from '#runtime/resource/sorts.js';
import { textField } from '#runtime/resource/text-field.js';
import { checkAssignee } from './check-assignee.js';
import { rankAtEnd } from './rank.js';
import { CreateTask, priorities, Task, TaskPriority, TaskStatus, taskEvents, UpdateTask } from './task.js';

/** Tasks: the work of a project. */
export const tasks = defineResource({
  name: 'tasks',
  singular: 'task',
  table,
  output: Task,
  create: CreateTask,
  update: UpdateTask,
  filters: {
    projectId: equals(table.projectId, z.uuid()),
    status: oneOf(table.status, TaskStatus),
    priority: oneOf(table.priority, TaskPriority),
    assigneeId: equals(table.assigneeId, z.uuid()),
    label: contains(table.labels, textField({ min: 1, max: 100 })),
    dueBefore: below(table.dueDate, z.iso.date()),
    dueAfter: above(table.dueDate, z.iso.date()),
    hasDueDate: isGiven(table.dueDate),
  },
  sorts: {
    createdAt: byColumn(table.createdAt),
    updatedAt: byColumn(table.updatedAt),
    dueDate: byColumn(table.dueDate),
    priority: byRank(table.priority, priorities),
    title: byColumn(table.title),
    rank: byColumn(table.rank),
  },
  defaultSort: '-createdAt',
  search: table.search,
  references: { projectId: { table: projects, policy: projectPolicy } },
  events: taskEvents,
  http: { path: '/tasks', createPath: '/projects/:projectId/tasks' },
  initialValues: () => ({ rank: rankAtEnd(null, Date.now()) }),
  check: checkAssignee,
});
