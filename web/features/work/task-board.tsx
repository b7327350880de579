import {
  type CollisionDetection,
  closestCenter,
  DndContext,
  type DragEndEvent,
  type DragOverEvent,
  DragOverlay,
  PointerSensor,
  pointerWithin,
  useDroppable,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { SortableContext, useSortable, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Button } from '../../components/ui/button.js';
import { classNames } from '../../components/ui/class-names.js';
import { type Person, usePeople } from '../resources/use-people.js';
import type { TaskMove } from './move-in-pages.js';
import { statuses, statusLooks, type Task, type TaskStatus } from './task.js';
import {
  AssigneePicker,
  type ChangeTask,
  DueDate,
  openPicker,
  PriorityPicker,
  StatusIcon,
} from './task-pickers.js';

type Columns = Readonly<Record<TaskStatus, readonly Task[]>>;

/** So many cards of a column are shown at first; a long one goes on when asked. */
const shownAtFirst = 60;

export interface TaskBoardProps {
  tasks: readonly Task[];
  onChange: ChangeTask | undefined;
  onMove(move: TaskMove): void;
}

/**
 * Tasks in a column for each status. They are moved by dragging, or with Shift and an arrow; what a key has done is
 * told to screen readers.
 */
export function TaskBoard({ tasks, onChange, onMove }: TaskBoardProps) {
  const people = usePeople();
  const board = useRef<HTMLDivElement>(null);
  const settled = useMemo(() => toColumns(tasks), [tasks]);
  const [dragged, setDragged] = useState<{ task: Task; columns: Columns }>();
  const [told, setTold] = useState('');
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 5 } }));
  const columns = dragged?.columns ?? settled;
  const moved = useRef<string>(undefined);
  // A card that a key has moved is drawn anew in its new place, and keeps the focus.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the cards have moved
  useLayoutEffect(() => {
    focusCard(board.current, moved.current);
    moved.current = undefined;
  }, [settled]);

  const onDragOver = ({ active, over }: DragOverEvent) => {
    if (!over || !dragged) return;
    const next = carry(dragged.columns, String(active.id), String(over.id));
    if (next) setDragged({ ...dragged, columns: next });
  };
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    const last = dragged?.columns;
    setDragged(undefined);
    if (!over || !last) return;
    const move = moveOf(reorder(last, String(active.id), String(over.id)), String(active.id));
    if (move && !isWhereItWas(settled, move)) onMove(move);
  };
  const onCardKey = (event: KeyboardEvent<HTMLElement>, task: Task) => {
    if (event.target !== event.currentTarget || !event.key.startsWith('Arrow')) return;
    event.preventDefault();
    if (!event.shiftKey) return focusCard(board.current, neighbourOf(settled, task, event.key));
    if (!onChange) return;
    const move = moveByKey(settled, task, event.key);
    if (!move) return;
    onMove(move);
    setTold(`${task.title}: ${statusLooks[move.status].label}`);
    moved.current = task.id;
  };

  return (
    <DndContext
      sensors={sensors}
      collisionDetection={cardUnderPointer}
      onDragStart={({ active }) => {
        const task = tasks.find(({ id }) => id === active.id);
        if (task) setDragged({ task, columns: settled });
      }}
      onDragOver={onDragOver}
      onDragEnd={onDragEnd}
      onDragCancel={() => setDragged(undefined)}
    >
      <p role="status" className="sr-only">
        {told}
      </p>
      <div ref={board} className="flex min-h-0 flex-1 snap-x gap-3 overflow-x-auto p-3 md:p-4">
        {statuses.map((status) => (
          <Column
            key={status}
            status={status}
            tasks={columns[status]}
            people={people}
            onChange={onChange}
            onCardKey={onCardKey}
            draggedId={dragged?.task.id}
          />
        ))}
      </div>
      <DragOverlay dropAnimation={null}>
        {dragged && (
          <Card task={dragged.task} people={people} onChange={undefined} className="shadow-float rotate-1" />
        )}
      </DragOverlay>
    </DndContext>
  );
}

interface ColumnProps {
  status: TaskStatus;
  tasks: readonly Task[];
  people: readonly Person[];
  onChange: ChangeTask | undefined;
  onCardKey(event: KeyboardEvent<HTMLElement>, task: Task): void;
  draggedId: string | undefined;
}

function Column({ status, tasks, people, onChange, onCardKey, draggedId }: ColumnProps) {
  const { setNodeRef } = useDroppable({ id: status });
  const [limit, setLimit] = useState(shownAtFirst);
  const { label } = statusLooks[status];
  const shown = tasks.slice(0, limit);
  return (
    <section
      ref={setNodeRef}
      aria-label={label}
      className="flex w-68 shrink-0 snap-start flex-col rounded-lg bg-side md:min-w-0 md:flex-1 md:basis-56"
    >
      <h2 className="flex h-10 shrink-0 items-center gap-2 px-3 font-medium">
        <StatusIcon status={status} />
        {label}
        <span className="font-normal text-soft">{tasks.length}</span>
      </h2>
      <SortableContext items={shown.map(({ id }) => id)} strategy={verticalListSortingStrategy}>
        <ul
          tabIndex={shown.length === 0 ? -1 : 0}
          aria-label={`${label} tasks`}
          className="flex min-h-16 flex-1 flex-col gap-2 overflow-y-auto px-2 pt-1 pb-2"
        >
          {shown.map((task) => (
            <SortableCard
              key={task.id}
              task={task}
              people={people}
              onChange={onChange}
              onCardKey={onCardKey}
              isDragged={task.id === draggedId}
            />
          ))}
          {tasks.length > limit && (
            <li>
              <Button
                look="ghost"
                size="small"
                className="w-full"
                onClick={() => setLimit(limit + shownAtFirst)}
              >
                {tasks.length - limit} more
              </Button>
            </li>
          )}
        </ul>
      </SortableContext>
    </section>
  );
}

function SortableCard({
  task,
  isDragged,
  onCardKey,
  ...props
}: Pick<ColumnProps, 'people' | 'onChange' | 'onCardKey'> & { task: Task; isDragged: boolean }) {
  const { setNodeRef, listeners, transform, transition } = useSortable({
    id: task.id,
    disabled: props.onChange === undefined,
  });
  const moved = transform ? `translate3d(0, ${Math.round(transform.y)}px, 0)` : undefined;
  return (
    <li
      ref={setNodeRef}
      style={{ transform: moved, transition }}
      className={classNames(isDragged && 'opacity-40')}
    >
      <Card
        task={task}
        {...props}
        onPointerDown={(event) => listeners?.onPointerDown?.(event)}
        onKeyDown={(event) => onCardKey(event, task)}
      />
    </li>
  );
}

function Card({
  task,
  people,
  onChange,
  className,
  onPointerDown,
  onKeyDown,
}: {
  task: Task;
  people: readonly Person[];
  onChange: ChangeTask | undefined;
  className?: string;
  onPointerDown?: ((event: React.PointerEvent) => void) | undefined;
  onKeyDown?(event: KeyboardEvent<HTMLElement>): void;
}) {
  const navigate = useNavigate();
  const open = () => void navigate({ to: '/tasks/$taskId', params: { taskId: task.id } });
  return (
    <article
      data-card={task.id}
      aria-label={task.title}
      aria-keyshortcuts="Shift+ArrowLeft Shift+ArrowRight Shift+ArrowUp Shift+ArrowDown"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it is moved and opened by keys
      tabIndex={0}
      onPointerDown={onPointerDown}
      onClick={(event) => {
        const { target } = event;
        if (target instanceof Element && !target.closest('button, label, input')) open();
      }}
      onKeyDown={(event) => {
        if (event.target === event.currentTarget && !event.metaKey && !event.ctrlKey) {
          if (event.key === 'Enter') return open();
          if (openPicker(event.currentTarget, event.key)) return event.preventDefault();
        }
        onKeyDown?.(event);
      }}
      className={classNames(
        'grid touch-manipulation gap-1.5 rounded-lg border border-line bg-raised p-2.5 hover:border-line-strong',
        className,
      )}
    >
      <p className="line-clamp-3 break-words">{task.title}</p>
      <div className="-mx-1.5 -mb-1 flex items-center">
        <PriorityPicker task={task} onChange={onChange} />
        {task.dueDate !== null && <DueDate task={task} onChange={onChange} />}
        <span className="ml-auto">
          <AssigneePicker task={task} onChange={onChange} people={people} />
        </span>
      </div>
    </article>
  );
}

/** The card under the pointer, else the column: columns are far higher than cards, so distances to them mean little. */
const cardUnderPointer: CollisionDetection = (args) => {
  const hits = pointerWithin(args);
  if (hits.length === 0) return closestCenter(args);
  const cards = hits.filter(({ id }) => !statuses.some((status) => status === id));
  return cards.length > 0 ? cards : hits;
};

function toColumns(tasks: readonly Task[]): Columns {
  const columns: Record<TaskStatus, Task[]> = {
    todo: [],
    in_progress: [],
    in_review: [],
    done: [],
    cancelled: [],
  };
  for (const task of tasks) columns[task.status].push(task);
  return columns;
}

function columnOf(columns: Columns, id: string): TaskStatus | undefined {
  return statuses.find((status) => status === id || columns[status].some((task) => task.id === id));
}

/** The columns while a task is carried over another column; undefined if it is in that one already. */
function carry(columns: Columns, id: string, over: string): Columns | undefined {
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
function reorder(columns: Columns, id: string, over: string): Columns {
  const status = columnOf(columns, id);
  if (!status || id === over) return columns;
  const column = columns[status];
  const from = column.findIndex((task) => task.id === id);
  const to = column.findIndex((task) => task.id === over);
  const task = column[from];
  if (!task || to < 0) return columns;
  return { ...columns, [status]: column.toSpliced(from, 1).toSpliced(to, 0, task) };
}

function moveOf(columns: Columns, id: string): TaskMove | undefined {
  const status = columnOf(columns, id);
  if (!status) return undefined;
  const column = columns[status];
  const index = column.findIndex((task) => task.id === id);
  return placeBetween(id, status, column[index - 1], column[index + 1]);
}

function placeBetween(
  id: string,
  status: TaskStatus,
  above: Task | undefined,
  below: Task | undefined,
): TaskMove {
  if (above) return { id, status, after: above.id };
  return below ? { id, status, before: below.id } : { id, status };
}

function isWhereItWas(columns: Columns, move: TaskMove): boolean {
  return JSON.stringify(moveOf(columns, move.id)) === JSON.stringify(move);
}

/** Left and right: the end of the next column; up and down: past its neighbour. */
function moveByKey(columns: Columns, { id, status }: Task, key: string): TaskMove | undefined {
  const column = columns[status];
  const index = column.findIndex((task) => task.id === id);
  if (key === 'ArrowUp') {
    const above = column[index - 1];
    return above && { id, status, before: above.id };
  }
  if (key === 'ArrowDown') {
    const below = column[index + 1];
    return below && { id, status, after: below.id };
  }
  const next = statuses[statuses.indexOf(status) + (key === 'ArrowRight' ? 1 : -1)];
  if (!next) return undefined;
  const last = columns[next].at(-1);
  return last ? { id, status: next, after: last.id } : { id, status: next };
}

function neighbourOf(columns: Columns, { id, status }: Task, key: string): string | undefined {
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

function focusCard(board: HTMLElement | null, id: string | undefined): void {
  if (id !== undefined) board?.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`)?.focus();
}
