import type { Person } from '../resources/use-people.js';
import { priorities, priorityLooks, statuses, statusLooks, type Task } from './task.js';

export const groupings = ['status', 'priority', 'assignee', 'none'] as const;
export type Grouping = (typeof groupings)[number];

export interface TaskGroup {
  key: string;
  title: string;
  tasks: Task[];
}

/** Divides tasks into groups, whose order is that of the board, of urgency, or of names. Empty groups are left out. */
export function groupTasks(
  tasks: readonly Task[],
  grouping: Grouping,
  people: readonly Person[],
): TaskGroup[] {
  const groups = groupsOf(grouping, people).map((group) => ({ ...group, tasks: [] as Task[] }));
  const byKey = new Map(groups.map((group) => [group.key, group]));
  const rest = byKey.get('');
  for (const task of tasks) (byKey.get(keyOf(task, grouping)) ?? rest)?.tasks.push(task);
  return groups.filter((group) => group.tasks.length > 0);
}

function groupsOf(grouping: Grouping, people: readonly Person[]): { key: string; title: string }[] {
  if (grouping === 'status') return statuses.map((key) => ({ key, title: statusLooks[key].label }));
  if (grouping === 'priority') return priorities.map((key) => ({ key, title: priorityLooks[key].label }));
  if (grouping === 'none') return [{ key: '', title: 'Tasks' }];
  return [...people.map(({ id, name }) => ({ key: id, title: name })), { key: '', title: 'Nobody' }];
}

function keyOf(task: Task, grouping: Grouping): string {
  if (grouping === 'status') return task.status;
  if (grouping === 'priority') return task.priority;
  return grouping === 'none' ? '' : (task.assigneeId ?? '');
}
