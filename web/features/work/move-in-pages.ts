import type { ListRequest, Pages } from '../resources/use-resource-list.js';
import type { Task, TaskStatus } from './task.js';

/** Where a task goes: into a column, below a task of it, above one, or at its end. */
export interface TaskMove {
  id: string;
  status: TaskStatus;
  after?: string;
  before?: string;
}

/**
 * What the pages of a list are once the task has moved, by what the list was asked for. Pages keep their limits, for
 * they are read anew by these.
 */
export function moveInPages(
  pages: Pages<Task>,
  request: ListRequest,
  task: Task,
  { status, after, before }: TaskMove,
): Pages<Task> {
  const moved = { ...task, status };
  const isThere = pages.pages.some(({ items }) => items.some(({ id }) => id === task.id));
  if (request.sort !== 'rank' && isWanted(request, moved)) {
    const items = (page: { items: Task[] }) => page.items.map((one) => (one.id === task.id ? moved : one));
    return { ...pages, pages: pages.pages.map((page) => ({ ...page, items: items(page) })) };
  }
  const without = pages.pages.map((page) => ({
    ...page,
    items: page.items.filter(({ id }) => id !== task.id),
  }));
  if (!isWanted(request, moved)) return isThere ? { ...pages, pages: without } : pages;
  const neighbour = after ?? before;
  let isPlaced = false;
  const placed = without.map((page) => {
    const index = page.items.findIndex(({ id }) => id === neighbour);
    if (index < 0) return page;
    isPlaced = true;
    return { ...page, items: page.items.toSpliced(after === undefined ? index : index + 1, 0, moved) };
  });
  if (isPlaced) return { ...pages, pages: placed };
  const last = placed.at(-1);
  // Behind what was read there may be more, and the end is not in sight.
  if (!last || last.nextCursor !== null) return { ...pages, pages: placed };
  return { ...pages, pages: placed.with(-1, { ...last, items: [...last.items, moved] }) };
}

/** True if the list has the task in its column, as far as that can be told here. */
function isWanted({ status, projectId, assigneeId }: ListRequest, task: Task): boolean {
  if (status !== undefined && !status.split(',').includes(task.status)) return false;
  if (projectId !== undefined && projectId !== task.projectId) return false;
  return assigneeId === undefined || assigneeId === task.assigneeId;
}
