import type { QueryClient } from '@tanstack/react-query';
import { resourceQuery } from '../resources/resource.js';
import { type ListRequest, resourceListQuery } from '../resources/use-resource-list.js';
import type { UrlFields } from '../resources/use-url-fields.js';
import { layoutIn } from './task-layout.js';

/** What the tasks of a screen have in common. */
export interface TasksWithin {
  projectId?: string;
  assigneeId?: string;
}

/** So many tasks of a list are read at a time. */
export const listPage = '200';

/** The tasks that an address asks for, among those of a screen. */
export function taskRequest(
  { assigneeId, q, status, priority, label }: UrlFields,
  within: TasksWithin,
): ListRequest {
  return { assigneeId, q, status, priority, label, ...within };
}

/** The order that an address asks for. */
export function sortIn({ sort }: UrlFields): string {
  return sort ?? 'rank';
}

/** Begins to read what the list of a screen will ask for, while the screen is still being loaded. */
export async function readTasksAhead(
  client: QueryClient,
  fields: UrlFields,
  within: TasksWithin,
): Promise<void> {
  if (layoutIn(fields.view) !== 'list') return;
  const resource = await client.ensureQueryData(resourceQuery('tasks'));
  const request = { ...taskRequest(fields, within), sort: sortIn(fields), limit: listPage };
  await client.prefetchInfiniteQuery(resourceListQuery(resource, request));
}
