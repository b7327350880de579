import { useDroppable } from '@dnd-kit/core';
import { Plus } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { classNames } from '../../components/ui/class-names.js';
import { today } from '../resources/moments.js';
import { CalendarChip } from './calendar-chip.js';
import { type Day, type Span, wholeDayText } from './calendar-days.js';
import type { Task } from './task.js';

/** So many tasks of a day are shown within a month. */
const shownInMonth = 4;

export interface CalendarDayProps {
  day: Day;
  span: Span;
  /** Of the month before or after the one that is shown. */
  isOutside: boolean;
  tasks: readonly Task[];
  isMovable: boolean;
  onMoveKey(event: KeyboardEvent<HTMLElement>, task: Task): void;
  onShowWeek(): void;
  /** Undefined for those who may not make tasks. */
  onAdd: (() => void) | undefined;
}

/** A day with what is due on it. On a narrow screen days are below one another, and empty ones are left out. */
export function CalendarDay({
  day,
  span,
  isOutside,
  tasks,
  isMovable,
  onMoveKey,
  onShowWeek,
  onAdd,
}: CalendarDayProps) {
  const { setNodeRef, isOver } = useDroppable({ id: day });
  const isToday = day === today();
  const shown = span === 'month' && tasks.length > shownInMonth ? tasks.slice(0, shownInMonth - 1) : tasks;
  return (
    <section
      ref={setNodeRef}
      aria-label={wholeDayText(day)}
      {...(isToday && { 'aria-current': 'date' })}
      className={classNames(
        'group flex min-h-0 min-w-0 flex-col gap-1 border-line border-b p-1.5 md:min-h-30 md:border-r',
        isOutside && 'bg-side',
        isOver && 'bg-accent-soft',
        tasks.length === 0 && !isToday && 'max-md:hidden',
      )}
    >
      <div className="flex h-5.5 items-center justify-between">
        <span
          className={classNames(
            'grid h-5.5 min-w-5.5 place-items-center rounded-full px-1 text-mini tabular-nums',
            isToday ? 'bg-accent font-medium text-on-accent' : 'text-soft',
          )}
        >
          <span className="md:hidden">{wholeDayText(day)}</span>
          <span className="max-md:hidden">{Number(day.slice(8))}</span>
        </span>
        {onAdd && (
          <button
            type="button"
            aria-label={`New task due ${wholeDayText(day)}`}
            onClick={onAdd}
            className="grid size-5.5 place-items-center rounded-md text-soft opacity-0 hover:bg-hover focus-visible:opacity-100 group-hover:opacity-100"
          >
            <Plus aria-hidden className="size-3.5" />
          </button>
        )}
      </div>
      <ul
        className={classNames(
          'grid grid-cols-1 gap-1',
          span === 'week' && 'min-h-0 flex-1 content-start overflow-y-auto',
        )}
      >
        {shown.map((task) => (
          <CalendarChip key={task.id} task={task} isMovable={isMovable} onMoveKey={onMoveKey} />
        ))}
      </ul>
      {shown.length < tasks.length && (
        <button
          type="button"
          onClick={onShowWeek}
          className="rounded-md px-1.5 text-left text-mini text-soft hover:bg-hover hover:text-text"
        >
          {tasks.length - shown.length} more
        </button>
      )}
    </section>
  );
}
