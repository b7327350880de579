import { useDroppable } from '@dnd-kit/core';
import type { KeyboardEvent } from 'react';
import { Button } from '../../components/ui/button.js';
import { classNames } from '../../components/ui/class-names.js';
import { CalendarChip } from './calendar-chip.js';
import type { Task } from './task.js';

/** Where tasks are that have no day. */
export const noDay = 'unscheduled';

/** What is still to do and due on no day. Tasks that are dropped here lose theirs. */
export function UnscheduledTasks({
  tasks,
  hasMore,
  onMore,
  isMovable,
  onMoveKey,
}: {
  tasks: readonly Task[];
  hasMore: boolean;
  onMore(): void;
  isMovable: boolean;
  onMoveKey(event: KeyboardEvent<HTMLElement>, task: Task): void;
}) {
  const { setNodeRef, isOver } = useDroppable({ id: noDay });
  return (
    <section
      ref={setNodeRef}
      aria-label="Unscheduled"
      className={classNames(
        'flex min-h-0 flex-col border-line bg-side max-md:border-t md:w-60 md:shrink-0 md:border-l',
        isOver && 'bg-accent-soft',
      )}
    >
      <h2 className="flex h-10 shrink-0 items-center gap-2 px-3 font-medium">
        Unscheduled
        <span className="font-normal text-soft tabular-nums">
          {tasks.length}
          {hasMore && '+'}
        </span>
      </h2>
      <div
        role="group"
        aria-label="Tasks without a day"
        tabIndex={tasks.length === 0 ? -1 : 0}
        className="min-h-0 flex-1 overflow-y-auto px-2 pb-3"
      >
        {tasks.length === 0 && (
          <p className="px-1 text-mini text-soft">Whatever is to be done has its day.</p>
        )}
        <ul className="grid grid-cols-1 gap-1">
          {tasks.map((task) => (
            <CalendarChip key={task.id} task={task} isMovable={isMovable} onMoveKey={onMoveKey} />
          ))}
        </ul>
        {hasMore && (
          <Button look="ghost" size="small" className="mt-1 w-full" onClick={onMore}>
            More
          </Button>
        )}
      </div>
    </section>
  );
}
