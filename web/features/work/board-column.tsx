import { useDroppable } from '@dnd-kit/core';
import { SortableContext, useSortable, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef } from 'react';
import { classNames } from '../../components/ui/class-names.js';
import type { Person } from '../resources/use-people.js';
import { statusLooks, type Task, type TaskStatus } from './task.js';
import { TaskCard } from './task-card.js';
import { type ChangeTask, StatusIcon } from './task-pickers.js';
import type { BoardList } from './use-board-tasks.js';

/** Of a card with a title of one line; others are measured when they come into sight. */
const usualHeight = 66;

export interface BoardColumnProps {
  status: TaskStatus;
  /** As they are shown while one is dragged. */
  tasks: readonly Task[];
  list: BoardList;
  people: readonly Person[];
  onChange: ChangeTask | undefined;
  onCardKey(event: KeyboardEvent<HTMLElement>, task: Task): void;
  onCardFocus(id: string): void;
  draggedId: string | undefined;
  /** A card that has the focus, or shall get it, and so has to be on the page. */
  keptId: string | undefined;
}

/** The tasks of one status. Only cards in sight are on the page; more are read when the end is near. */
export function BoardColumn({
  status,
  tasks,
  list,
  people,
  onChange,
  onCardKey,
  onCardFocus,
  draggedId,
  keptId,
}: BoardColumnProps) {
  const { setNodeRef } = useDroppable({ id: status });
  const scroller = useRef<HTMLDivElement>(null);
  const { label } = statusLooks[status];
  const ids = useMemo(() => tasks.map(({ id }) => id), [tasks]);
  const rangeExtractor = useCallback(
    (range: Range) => {
      const kept = [draggedId, keptId].map((id) => (id === undefined ? -1 : ids.indexOf(id)));
      const indexes = new Set([...defaultRangeExtractor(range), ...kept.filter((index) => index >= 0)]);
      return [...indexes].sort((a, b) => a - b);
    },
    [ids, draggedId, keptId],
  );
  const virtualizer = useVirtualizer({
    count: tasks.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => usualHeight,
    getItemKey: (index) => ids[index] ?? index,
    gap: 8,
    paddingStart: 4,
    paddingEnd: 8,
    overscan: 5,
    rangeExtractor,
  });
  const shown = virtualizer.getVirtualItems();
  const lastShown = virtualizer.range?.endIndex ?? 0;
  const { hasNextPage, isFetching, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetching && lastShown >= tasks.length - 30) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage, lastShown, tasks.length]);
  return (
    <section
      ref={setNodeRef}
      aria-label={label}
      className="flex w-68 shrink-0 snap-start flex-col rounded-lg bg-side md:min-w-0 md:flex-1 md:basis-56"
    >
      <h2 className="flex h-10 shrink-0 items-center gap-2 px-3 font-medium">
        <StatusIcon status={status} />
        {label}
        <span className="font-normal text-soft tabular-nums">
          {tasks.length.toLocaleString()}
          {hasNextPage && '+'}
        </span>
      </h2>
      <SortableContext items={ids} strategy={verticalListSortingStrategy}>
        <div
          ref={scroller}
          role="group"
          aria-label={`${label} tasks`}
          tabIndex={tasks.length === 0 ? -1 : 0}
          className="min-h-16 flex-1 overflow-y-auto px-2"
        >
          <ul className="relative" style={{ height: virtualizer.getTotalSize() }}>
            {shown.map(({ index, start, key }) => {
              const task = tasks[index];
              if (!task) return null;
              return (
                <li
                  key={key}
                  ref={virtualizer.measureElement}
                  data-index={index}
                  aria-setsize={hasNextPage ? -1 : tasks.length}
                  aria-posinset={index + 1}
                  className="absolute inset-x-0 top-0"
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <SortableCard
                    task={task}
                    people={people}
                    onChange={onChange}
                    onCardKey={onCardKey}
                    onCardFocus={onCardFocus}
                    isDragged={task.id === draggedId}
                  />
                </li>
              );
            })}
          </ul>
        </div>
      </SortableContext>
    </section>
  );
}

function SortableCard({
  task,
  isDragged,
  onCardKey,
  onCardFocus,
  ...props
}: Pick<BoardColumnProps, 'people' | 'onChange' | 'onCardKey' | 'onCardFocus'> & {
  task: Task;
  isDragged: boolean;
}) {
  const { setNodeRef, listeners, transform, transition } = useSortable({
    id: task.id,
    disabled: props.onChange === undefined,
  });
  const moved = transform ? `translate3d(0, ${Math.round(transform.y)}px, 0)` : undefined;
  return (
    <div
      ref={setNodeRef}
      style={{ transform: moved, transition }}
      className={classNames(isDragged && 'opacity-40')}
    >
      <TaskCard
        task={task}
        {...props}
        onPointerDown={(event) => listeners?.onPointerDown?.(event)}
        onKeyDown={(event) => onCardKey(event, task)}
        onFocus={() => onCardFocus(task.id)}
      />
    </div>
  );
}
