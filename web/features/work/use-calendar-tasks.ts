import { useEffect, useMemo } from 'react';
import type { Resource } from '../resources/resource.js';
import { type ListRequest, useResourceList } from '../resources/use-resource-list.js';
import { addDays, type Day } from './calendar-days.js';
import type { Task } from './task.js';

/** As many tasks as the days shown hold. */
const most = 1_000;
/** What is still to do, and so may get a day. */
const openStatuses = 'todo,in_progress,in_review';

/** The tasks that are due on these days, by day, and those that are due on none, page after page. */
export function useCalendarTasks(resource: Resource, request: ListRequest, days: readonly Day[]) {
  const [first = '', last = ''] = [days[0], days.at(-1)];
  const scheduled = useResourceList<Task>(resource, {
    ...request,
    dueAfter: addDays(first, -1),
    dueBefore: addDays(last, 1),
    sort: 'dueDate',
    limit: '200',
  });
  const { items, hasNextPage, isFetching, fetchNextPage } = scheduled;
  useEffect(() => {
    if (hasNextPage && !isFetching && items.length < most) void fetchNextPage();
  }, [hasNextPage, isFetching, items.length, fetchNextPage]);
  const unscheduled = useResourceList<Task>(resource, {
    ...request,
    status: request.status || openStatuses,
    hasDueDate: 'false',
    sort: 'rank',
    limit: '100',
  });
  const placed = useMemo(
    () => placeTasks([...scheduled.items, ...unscheduled.items]),
    [scheduled.items, unscheduled.items],
  );
  return {
    ...placed,
    isPending: scheduled.isPending,
    error: scheduled.error ?? unscheduled.error,
    refetch: () => Promise.all([scheduled.refetch(), unscheduled.refetch()]),
    hasMoreUnscheduled: unscheduled.hasNextPage,
    readMoreUnscheduled: () => {
      if (!unscheduled.isFetching) void unscheduled.fetchNextPage();
    },
  };
}

/** By what they say themselves, for one that has just got another day is still in the list that it came with. */
function placeTasks(tasks: readonly Task[]) {
  const byDay = new Map<Day, Task[]>();
  const withoutDay: Task[] = [];
  for (const task of new Map(tasks.map((one) => [one.id, one])).values()) {
    if (task.dueDate === null) withoutDay.push(task);
    else byDay.set(task.dueDate, [...(byDay.get(task.dueDate) ?? []), task]);
  }
  return { byDay: byDay as ReadonlyMap<Day, readonly Task[]>, unscheduled: withoutDay as readonly Task[] };
}
