import { useEffect } from 'react';
import { useResource } from '../resources/resource.js';
import { useResourceChanges } from '../resources/use-resource-changes.js';
import { type ListRequest, useResourceList } from '../resources/use-resource-list.js';
import { useRights } from '../session/use-rights.js';
import type { Task } from './task.js';
import type { ChangeTask } from './task-pickers.js';

/** As many tasks as one screen groups and orders by itself. */
const most = 2_000;

/** The tasks of a list or board, all of them up to 2,000, and how to change them; undefined for who may not. */
export function useTasks(request: ListRequest) {
  const resource = useResource('tasks');
  const { may } = useRights();
  const list = useResourceList<Task>(resource, { ...request, limit: '200' });
  const { items, hasNextPage, isFetching, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetching && items.length < most) void fetchNextPage();
  }, [hasNextPage, isFetching, items.length, fetchNextPage]);
  const { update, remove } = useResourceChanges(resource, 'task');
  const change: ChangeTask = ({ id }, changes) => update.mutate({ id, changes });
  return {
    ...list,
    resource,
    change: may('tasks:update') ? change : undefined,
    remove: may('tasks:delete') ? remove.mutate : undefined,
  };
}
