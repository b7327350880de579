import { useDraggable } from '@dnd-kit/core';
import { useNavigate } from '@tanstack/react-router';
import type { KeyboardEvent } from 'react';
import { classNames } from '../../components/ui/class-names.js';
import { today } from '../resources/moments.js';
import { statusLooks, type Task } from './task.js';
import { StatusIcon } from './task-pickers.js';

export interface CalendarChipProps {
  task: Task;
  isMovable: boolean;
  onMoveKey?(event: KeyboardEvent<HTMLElement>, task: Task): void;
}

/** A task on a day: dragged to another, or moved by keys; a click or Enter opens it. */
export function CalendarChip({ task, isMovable, onMoveKey }: CalendarChipProps) {
  const { setNodeRef, listeners, isDragging } = useDraggable({ id: task.id, disabled: !isMovable });
  const navigate = useNavigate();
  const open = () => void navigate({ to: '/tasks/$taskId', params: { taskId: task.id } });
  return (
    <li>
      <article
        ref={setNodeRef}
        data-card={task.id}
        aria-label={`${task.title}, ${statusLooks[task.status].label}`}
        {...(isMovable && {
          'aria-keyshortcuts': 'Shift+ArrowLeft Shift+ArrowRight Shift+ArrowUp Shift+ArrowDown Delete',
        })}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is moved and opened by keys
        tabIndex={0}
        onPointerDown={(event) => listeners?.onPointerDown?.(event)}
        onClick={open}
        onKeyDown={(event) => {
          if (event.key === 'Enter') return open();
          onMoveKey?.(event, task);
        }}
        className={classNames(isDragging && 'opacity-40')}
      >
        <ChipFace task={task} />
      </article>
    </li>
  );
}

/** What a task looks like on a day, also while it is carried. */
export function ChipFace({ task, isCarried = false }: { task: Task; isCarried?: boolean }) {
  const isOver = task.status === 'done' || task.status === 'cancelled';
  const isLate = !isOver && task.dueDate !== null && task.dueDate < today();
  return (
    <span
      className={classNames(
        'flex min-h-6.5 cursor-default touch-manipulation items-center gap-1.5 rounded-md border border-line bg-raised px-1.5 text-mini hover:border-line-strong',
        isOver && 'text-soft',
        isLate && 'text-danger',
        isCarried && 'shadow-float',
      )}
    >
      <span className="[&_svg]:size-3.5">
        <StatusIcon status={task.status} />
      </span>
      <span className={classNames('truncate', task.status === 'cancelled' && 'line-through')}>
        {task.title}
      </span>
      {isLate && <span className="sr-only">, overdue</span>}
    </span>
  );
}
