import { z } from 'zod';
import { defineAction, definePublicAction } from '#core/action.js';
import type { Action } from '#runtime/domain.js';

const Task = z.object({ id: z.uuid(), title: z.string(), version: z.int() }).meta({
  id: 'TestTask',
  examples: [{ id: '0198c0de-0000-7000-8000-000000000001', title: 'Write', version: 1 }],
});
const run = async () => {
  throw new Error('These actions are performed by the test itself');
};

/** Actions of every shape that routes and the OpenAPI document have to serve. */
export const testActions: readonly Action[] = [
  defineAction({
    name: 'tasks.list',
    title: 'List tasks',
    description: 'Lists tasks.',
    permission: 'tasks:read',
    effect: 'read',
    http: { method: 'get', path: '/tasks' },
    input: z.object({
      status: z.union([z.string().transform((text) => [text]), z.array(z.string())]).optional(),
      limit: z.coerce.number().int().max(200).default(50).describe('Items of a page.'),
    }),
    output: z.object({ items: z.array(Task), nextCursor: z.string().nullable() }),
    run,
  }),
  defineAction({
    name: 'tasks.get',
    title: 'Get task',
    description: 'Returns one task.',
    permission: 'tasks:read',
    effect: 'read',
    http: { method: 'get', path: '/tasks/:id' },
    input: z.object({ id: z.uuid() }),
    output: Task,
    run,
  }),
  defineAction({
    name: 'tasks.mine',
    title: 'List my tasks',
    description: 'Lists tasks of the caller.',
    permission: 'tasks:read',
    effect: 'read',
    http: { method: 'get', path: '/tasks/mine' },
    input: z.object({}),
    output: z.object({ items: z.array(Task) }),
    run,
  }),
  defineAction({
    name: 'tasks.create',
    title: 'Create task',
    description: 'Adds a task to a project.',
    permission: 'tasks:create',
    effect: 'write',
    http: { method: 'post', path: '/projects/:projectId/tasks', status: 201 },
    input: z.object({ projectId: z.uuid(), title: z.string(), parent: Task.optional() }).meta({
      examples: [{ title: 'Write the report' }],
    }),
    output: Task,
    run,
  }),
  defineAction({
    name: 'tasks.update',
    title: 'Update task',
    description: 'Changes a task.',
    permission: 'tasks:update',
    effect: 'write',
    http: { method: 'patch', path: '/tasks/:id' },
    input: z.object({ id: z.uuid(), version: z.int(), title: z.string().optional() }),
    output: Task,
    run,
  }),
  defineAction({
    name: 'tasks.delete',
    title: 'Delete task',
    description: 'Deletes a task.',
    permission: 'tasks:delete',
    effect: 'destroy',
    http: { method: 'delete', path: '/tasks/:id', status: 204 },
    input: z.object({ id: z.uuid(), reason: z.string().optional() }),
    output: z.object({}),
    run,
  }),
  defineAction({
    name: 'tasks.restore',
    title: 'Restore task',
    description: 'Brings a deleted task back.',
    permission: 'tasks:delete',
    effect: 'write',
    http: { method: 'post', path: '/tasks/:id/restore' },
    input: z.strictObject({ id: z.uuid() }),
    output: Task,
    run,
  }),
  defineAction({
    name: 'tasks.secret',
    title: 'Do something that has no route',
    description: 'Not for the API.',
    permission: 'tasks:update',
    effect: 'write',
    input: z.object({}),
    output: z.object({}),
    run,
  }),
  definePublicAction({
    name: 'identity.log_in',
    title: 'Log in',
    description: 'Gives an access token.',
    effect: 'write',
    http: { method: 'post', path: '/log-in' },
    input: z.object({ email: z.string(), password: z.string() }),
    output: z.object({ accessToken: z.string() }),
    run,
  }),
];
