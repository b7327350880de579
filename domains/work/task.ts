import { z } from 'zod';
import { chosenFromMembers, chosenFromProjects } from '#core/choices.js';
import { defineEvent } from '#core/event.js';
import { textField, titleField } from '#runtime/resource/text-field.js';

export const TaskStatus = z.enum(['todo', 'in_progress', 'in_review', 'done', 'cancelled']);

/** Least urgent first. */
export const priorities = ['none', 'low', 'medium', 'high', 'urgent'] as const;
export const TaskPriority = z.enum(priorities);

/** A task as callers see it. */
export const Task = z.object({
  id: z.uuid(),
  version: z.int(),
  projectId: z.uuid(),
  title: z.string(),
  description: z.string(),
  status: TaskStatus,
  priority: TaskPriority,
  assigneeId: z.uuid().nullable(),
  dueDate: z.string().nullable(),
  labels: z.array(z.string()),
  rank: z.string().describe('Sorts tasks within a status; set by tasks.move'),
  createdAt: z.string(),
  updatedAt: z.string(),
  deletedAt: z.string().nullable(),
});

export const UpdateTask = z.object({
  title: titleField(500),
  description: textField({ max: 50_000 }).optional(),
  status: TaskStatus.optional(),
  priority: TaskPriority.optional(),
  assigneeId: z.uuid().meta(chosenFromMembers).nullable().optional().describe('User id of an active member'),
  dueDate: z.iso
    .date()
    .refine((date) => date >= '0001', 'must not lie before the year 1')
    .nullable()
    .optional(),
  labels: z
    .array(titleField(100))
    .max(50)
    .refine((labels) => new Set(labels).size === labels.length, 'must not hold a label twice')
    .optional(),
});

export const CreateTask = UpdateTask.extend({ projectId: z.uuid().meta(chosenFromProjects) });

export const taskEvents = {
  created: defineEvent({
    type: 'task.created',
    title: 'Task created',
    description: 'Somebody, or an automation, made a task.',
    payload: Task,
  }),
  updated: defineEvent({
    type: 'task.updated',
    title: 'Task updated',
    description: 'Fields of a task changed; changedFields names them.',
    payload: Task.extend({ changedFields: z.array(z.string()) }),
  }),
  moved: defineEvent({
    type: 'task.moved',
    title: 'Task moved',
    description: 'A task got another place on the board, and perhaps another status.',
    payload: Task.extend({ previousStatus: TaskStatus }),
  }),
  deleted: defineEvent({
    type: 'task.deleted',
    title: 'Task deleted',
    description: 'Somebody deleted a task.',
    payload: Task,
  }),
  restored: defineEvent({
    type: 'task.restored',
    title: 'Task restored',
    description: 'Somebody brought back a deleted task.',
    payload: Task,
  }),
};
