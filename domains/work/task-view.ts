import { z } from 'zod';
import { defineEvent } from '#core/event.js';
import { textField, titleField } from '#runtime/resource/text-field.js';
import { TaskPriority, TaskStatus } from './task.js';

const sorts = ['rank', 'priority', 'dueDate', 'updatedAt', 'createdAt', 'title'] as const;

/** How tasks are narrowed and shown. What is left out is as usual. */
export const TaskViewSettings = z.strictObject({
  layout: z.enum(['list', 'board', 'calendar']).optional(),
  filters: z
    .strictObject({
      q: textField({ min: 1, max: 500 }).optional(),
      status: z.array(TaskStatus).min(1).max(5).optional(),
      priority: z.array(TaskPriority).min(1).max(5).optional(),
      assigneeId: z.uuid().optional(),
      label: textField({ min: 1, max: 100 }).optional(),
    })
    .optional(),
  grouping: z.enum(['status', 'priority', 'assignee', 'none']).optional(),
  sort: z.enum(sorts.flatMap((sort) => [sort, `-${sort}` as const])).optional(),
  columns: z
    .array(z.enum(['priority', 'status', 'labels', 'dueDate', 'assignee', 'updatedAt']))
    .max(6)
    .optional()
    .describe('What rows of the list show beside the title'),
});

/** A kept way to look at tasks, as callers see it. */
export const TaskView = z.object({
  id: z.uuid(),
  version: z.int(),
  name: z.string(),
  projectId: z.uuid().nullable().describe('The project whose tasks it shows; null: those of all'),
  ownerId: z.uuid(),
  isShared: z.boolean().describe('Seen by all who may see the project; else by its owner only'),
  settings: TaskViewSettings,
  createdAt: z.string(),
  updatedAt: z.string(),
  deletedAt: z.string().nullable(),
});

export const UpdateTaskView = z.object({
  name: titleField(100),
  isShared: z.boolean().optional(),
  settings: TaskViewSettings,
});

export const CreateTaskView = UpdateTaskView.extend({ projectId: z.uuid().nullable().optional() });

/** What is told of a view: not how it is called nor what it shows, for most belong to one person only. */
const ToldView = TaskView.pick({ id: true, projectId: true, ownerId: true, isShared: true });

export const taskViewEvents = {
  created: defineEvent({
    type: 'task_view.created',
    title: 'Task view created',
    description: 'Somebody kept a way to look at tasks.',
    payload: ToldView,
  }),
  updated: defineEvent({
    type: 'task_view.updated',
    title: 'Task view updated',
    description: 'Somebody changed a kept way to look at tasks.',
    payload: ToldView,
  }),
  deleted: defineEvent({
    type: 'task_view.deleted',
    title: 'Task view deleted',
    description: 'Somebody deleted a kept way to look at tasks.',
    payload: ToldView,
  }),
  restored: defineEvent({
    type: 'task_view.restored',
    title: 'Task view restored',
    description: 'Somebody brought back a kept way to look at tasks.',
    payload: ToldView,
  }),
};
