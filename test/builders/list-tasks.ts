import { z } from 'zod';
import type { Caller } from '#runtime/caller.js';
import type { BuilderApp } from './builder-app.js';

const Page = z.object({ items: z.array(z.looseObject({ id: z.uuid(), title: z.string() })) });

/** Titles of a project's tasks (at most 200), sorted. */
export async function listTaskTitles(app: BuilderApp, caller: Caller, projectId: string): Promise<string[]> {
  const { items } = Page.parse(await app.perform(caller, 'tasks.list', { projectId, limit: 200 }));
  return items.map(({ title }) => title).sort();
}
