import type { Pages } from '../resources/use-resource-list.js';
import type { Task, TaskStatus } from './task.js';

/** Where a task goes: into a column, below a task of it, above one, or at its end. */
export interface TaskMove {
  id: string;
  status: TaskStatus;
  after?: string;
  before?: string;
}

/** What the pages of a board are once the task has moved. Pages keep their limits, for they are read anew by these. */
export function moveInPages(pages: Pages<Task>, { id, status, after, before }: TaskMove): Pages<Task> {
  const found = pages.pages.flatMap(({ items }) => items).find((task) => task.id === id);
  if (!found) return pages;
  const moved = { ...found, status };
  const neighbour = after ?? before;
  const without = pages.pages.map((page) => ({
    ...page,
    items: page.items.filter((task) => task.id !== id),
  }));
  let isPlaced = false;
  const placed = without.map((page) => {
    const index = page.items.findIndex((task) => task.id === neighbour);
    if (index < 0) return page;
    isPlaced = true;
    return { ...page, items: page.items.toSpliced(after === undefined ? index : index + 1, 0, moved) };
  });
  if (isPlaced) return { ...pages, pages: placed };
  const last = placed.at(-1);
  if (!last) return pages;
  return { ...pages, pages: placed.with(-1, { ...last, items: [...last.items, moved] }) };
}
