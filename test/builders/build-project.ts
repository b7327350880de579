import type { z } from 'zod';
import { type CreateProject, Project } from '#domains/work/project.js';
import type { Caller } from '#runtime/caller.js';
import type { BuilderApp } from './builder-app.js';

type Fields = Partial<z.input<typeof CreateProject>> & { id?: string };

/** A new project. */
export async function buildProject(
  app: BuilderApp,
  caller: Caller,
  fields: Fields = {},
): Promise<z.output<typeof Project>> {
  return Project.parse(await app.perform(caller, 'projects.create', { name: 'Website', ...fields }));
}
