import { useNavigate } from '@tanstack/react-router';
import type { KeyboardEvent, PointerEvent } from 'react';
import { classNames } from '../../components/ui/class-names.js';
import type { Person } from '../resources/use-people.js';
import type { Task } from './task.js';
import { AssigneePicker, type ChangeTask, DueDate, openPicker, PriorityPicker } from './task-pickers.js';

export interface TaskCardProps {
  task: Task;
  people: readonly Person[];
  onChange: ChangeTask | undefined;
  className?: string;
  onPointerDown?: ((event: PointerEvent) => void) | undefined;
  onKeyDown?(event: KeyboardEvent<HTMLElement>): void;
  onFocus?(): void;
}

/** A task as a card of the board: a click or Enter opens it, keys open its pickers. */
export function TaskCard({
  task,
  people,
  onChange,
  className,
  onPointerDown,
  onKeyDown,
  onFocus,
}: TaskCardProps) {
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
      onFocus={onFocus}
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
