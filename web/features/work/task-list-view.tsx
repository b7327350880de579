import { SkeletonRows } from '../../components/ui/states.js';
import type { Resource } from '../resources/resource.js';
import type { ListRequest } from '../resources/use-resource-list.js';
import { ProblemScreen } from '../shell/problem-screen.js';
import type { Grouping } from './group-tasks.js';
import { NoTasks, type NoTasksProps } from './no-tasks.js';
import type { TaskColumn } from './task-columns.js';
import { TaskList } from './task-list.js';
import type { ChangeTask } from './task-pickers.js';
import { useTasks } from './use-tasks.js';

export interface TaskListViewProps {
  resource: Resource;
  request: ListRequest;
  grouping: Grouping;
  columns: readonly TaskColumn[];
  onChange: ChangeTask | undefined;
  empty: NoTasksProps;
}

/** Tasks that fit a request, below one another. */
export function TaskListView({ resource, request, empty, ...list }: TaskListViewProps) {
  const tasks = useTasks(resource, request);
  if (tasks.isPending) return <SkeletonRows />;
  if (tasks.error && tasks.items.length === 0)
    return <ProblemScreen error={tasks.error} retry={tasks.refetch} />;
  if (tasks.items.length === 0) return <NoTasks {...empty} />;
  return <TaskList tasks={tasks.items} isCut={tasks.isCut} {...list} />;
}
