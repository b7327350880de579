import { useEffect } from 'react';
import type { Resource } from '../resources/resource.js';
import { type ListRequest, useResourceList } from '../resources/use-resource-list.js';
import type { Task } from './task.js';
import { listPage } from './task-request.js';

/** As many tasks as one screen groups and orders by itself. */
const most = 2_000;

/** The tasks of a list, all of them up to 2,000, page after page; `isCut` where there are more. */
export function useTasks(resource: Resource, request: ListRequest) {
  const list = useResourceList<Task>(resource, { ...request, limit: listPage });
  const { items, hasNextPage, isFetching, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetching && items.length < most) void fetchNextPage();
  }, [hasNextPage, isFetching, items.length, fetchNextPage]);
  return { ...list, isCut: hasNextPage && items.length >= most };
}
