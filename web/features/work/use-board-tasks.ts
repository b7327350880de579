import { useMemo } from 'react';
import type { Resource } from '../resources/resource.js';
import { type ListRequest, useResourceList } from '../resources/use-resource-list.js';
import type { Columns } from './board-columns.js';
import { statuses, type Task, type TaskStatus } from './task.js';

/** So many cards of a column are read at a time. */
const pageSize = '100';

/** One column: what was read of it, and how to read on. */
export type BoardList = ReturnType<typeof useColumn>;

/** The tasks of a board, each column in pages of its own. Those that the request's `status` leaves out are empty. */
export function useBoardTasks(resource: Resource, request: ListRequest) {
  const column = (status: TaskStatus) => [resource, request, status] as const;
  const lists: Readonly<Record<TaskStatus, BoardList>> = {
    todo: useColumn(...column('todo')),
    in_progress: useColumn(...column('in_progress')),
    in_review: useColumn(...column('in_review')),
    done: useColumn(...column('done')),
    cancelled: useColumn(...column('cancelled')),
  };
  const { todo, in_progress, in_review, done, cancelled } = lists;
  const columns: Columns = useMemo(
    () => ({
      todo: todo.items,
      in_progress: in_progress.items,
      in_review: in_review.items,
      done: done.items,
      cancelled: cancelled.items,
    }),
    [todo.items, in_progress.items, in_review.items, done.items, cancelled.items],
  );
  const all = statuses.map((status) => lists[status]).filter(({ isShown }) => isShown);
  return {
    lists,
    columns,
    isPending: all.some(({ isPending }) => isPending),
    error: all.find(({ error }) => error)?.error ?? null,
    isEmpty: all.every(({ items }) => items.length === 0),
    refetch: () => Promise.all(all.map(({ refetch }) => refetch())),
  };
}

function useColumn(resource: Resource, { status: wanted, ...request }: ListRequest, status: TaskStatus) {
  const isShown = !wanted || wanted.split(',').includes(status);
  const list = useResourceList<Task>(
    resource,
    { ...request, status, sort: 'rank', limit: pageSize },
    isShown,
  );
  return { ...list, isShown };
}
