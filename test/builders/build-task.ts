import type { z } from 'zod';
import { type CreateTask, Task } from '#domains/work/task.js';
import type { Caller } from '#runtime/caller.js';
import { buildProject } from './build-project.js';
import type { BuilderApp } from './builder-app.js';

type Fields = Partial<z.input<typeof CreateTask>> & { id?: string };

/** A new task, in a new project unless `projectId` is given. */
export async function buildTask(
  app: BuilderApp,
  caller: Caller,
  fields: Fields = {},
): Promise<z.output<typeof Task>> {
  const projectId = fields.projectId ?? (await buildProject(app, caller)).id;
  return Task.parse(
    await app.perform(caller, 'tasks.create', { title: 'Write it down', ...fields, projectId }),
  );
}
