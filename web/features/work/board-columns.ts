import type { TaskMove } from './move-in-pages.js';
import { statuses, type Task, type TaskStatus } from './task.js';

/** The tasks of a board, as far as they were read: a column for each status, in its order. */
export type Columns = Readonly<Record<TaskStatus, readonly Task[]>>;

/** The column in which a task is; also that of which the id itself is given. */
export function columnOf(columns: Columns, id: string): TaskStatus | undefined {
  return statuses.find((status) => status === id || columns[status].some((task) => task.id === id));
}

/** The columns while a task is carried over another column; undefined if it is in that one already. */
export function carry(columns: Columns, id: string, over: string): Columns | undefined {
  const from = columnOf(columns, id);
  const to = columnOf(columns, over);
  if (!from || !to || from === to) return undefined;
  const task = columns[from].find((one) => one.id === id);
  if (!task) return undefined;
  const index = columns[to].findIndex((one) => one.id === over);
  const place = index < 0 ? columns[to].length : index;
  return {
    ...columns,
    [from]: columns[from].filter((one) => one.id !== id),
    [to]: columns[to].toSpliced(place, 0, { ...task, status: to }),
  };
}

/** The columns once it is dropped on another of its column. */
export function reorder(columns: Columns, id: string, over: string): Columns {
  const status = columnOf(columns, id);
  if (!status || id === over) return columns;
  const column = columns[status];
  const from = column.findIndex((task) => task.id === id);
  const to = column.findIndex((task) => task.id === over);
  const task = column[from];
  if (!task || to < 0) return columns;
  return { ...columns, [status]: column.toSpliced(from, 1).toSpliced(to, 0, task) };
}

/** What has to be asked for to bring a task where the columns show it. */
export function moveOf(columns: Columns, id: string): TaskMove | undefined {
  const status = columnOf(columns, id);
  if (!status) return undefined;
  const index = columns[status].findIndex((task) => task.id === id);
  return placeAt(columns[status], { id, status }, index);
}

export function isWhereItWas(columns: Columns, move: TaskMove): boolean {
  return JSON.stringify(moveOf(columns, move.id)) === JSON.stringify(move);
}

/** Left and right: the end of the next column, as far as it was read; up and down: past its neighbour. */
export function moveByKey(
  columns: Columns,
  { id, status, projectId }: Task,
  key: string,
): TaskMove | undefined {
  const column = columns[status];
  const index = column.findIndex((task) => task.id === id);
  const isBeside = (task: Task) => task.projectId === projectId;
  if (key === 'ArrowUp') {
    const above = column.slice(0, index).findLast(isBeside);
    return above && { id, status, before: above.id };
  }
  if (key === 'ArrowDown') {
    const below = column.slice(index + 1).find(isBeside);
    return below && { id, status, after: below.id };
  }
  const next = statuses[statuses.indexOf(status) + (key === 'ArrowRight' ? 1 : -1)];
  if (!next) return undefined;
  const last = columns[next].findLast(isBeside);
  return last ? { id, status: next, after: last.id } : { id, status: next };
}

/** The task that an arrow leads to. */
export function neighbourOf(columns: Columns, { id, status }: Task, key: string): string | undefined {
  const column = columns[status];
  const index = column.findIndex((task) => task.id === id);
  if (key === 'ArrowUp') return column[index - 1]?.id;
  if (key === 'ArrowDown') return column[index + 1]?.id;
  const step = key === 'ArrowRight' ? 1 : -1;
  for (let at = statuses.indexOf(status) + step; ; at += step) {
    const next = statuses[at];
    if (!next) return undefined;
    const found = columns[next][Math.min(index, columns[next].length - 1)];
    if (found) return found.id;
  }
}

/** Places are told by a neighbour of the same project: order is a matter of each project. */
function placeAt(column: readonly Task[], place: Pick<TaskMove, 'id' | 'status'>, index: number): TaskMove {
  const projectId = column[index]?.projectId;
  const isBeside = (task: Task) => task.projectId === projectId;
  const above = column.slice(0, index).findLast(isBeside);
  if (above) return { ...place, after: above.id };
  const below = column.slice(index + 1).find(isBeside);
  return below ? { ...place, before: below.id } : place;
}
