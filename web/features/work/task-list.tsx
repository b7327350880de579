import { useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Pencil } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, useMemo, useRef, useState } from 'react';
import { Button } from '../../components/ui/button.js';
import { classNames } from '../../components/ui/class-names.js';
import { Badge } from '../../components/ui/states.js';
import { momentText, wholeMomentText } from '../resources/moments.js';
import { type Person, usePeople } from '../resources/use-people.js';
import { walkRows } from '../resources/walk-rows.js';
import { type Grouping, groupTasks } from './group-tasks.js';
import type { Task } from './task.js';
import type { TaskColumn } from './task-columns.js';
import {
  AssigneePicker,
  type ChangeTask,
  DueDate,
  openPicker,
  PriorityPicker,
  StatusPicker,
} from './task-pickers.js';

type Line =
  | { kind: 'head'; key: string; title: string; count: number }
  | { kind: 'task'; key: string; task: Task };

const height = { head: 36, task: 40 };

export interface TaskListProps {
  tasks: readonly Task[];
  /** True if there are more than the list holds. */
  isCut: boolean;
  grouping: Grouping;
  columns: readonly TaskColumn[];
  onChange: ChangeTask | undefined;
}

/** Tasks below one another in groups, each editable in place; only those in sight are on the page. */
export function TaskList({ tasks, isCut, grouping, columns, onChange }: TaskListProps) {
  const people = usePeople();
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => toLines(tasks, grouping, people), [tasks, grouping, people]);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => height[lines[index]?.kind ?? 'task'],
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 15,
  });
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto">
      <ul aria-label="Tasks" className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start, key }) => {
          const line = lines[index];
          if (!line) return null;
          const style = { height: height[line.kind], transform: `translateY(${start}px)` };
          if (line.kind === 'head') {
            return (
              <li key={key} style={style} className="absolute inset-x-0 top-0 bg-side">
                <h2 className="flex h-full items-center gap-2 px-4 font-medium md:px-6">
                  {line.title}
                  <span className="font-normal text-soft">{line.count}</span>
                </h2>
              </li>
            );
          }
          return (
            <TaskRow
              key={key}
              task={line.task}
              style={style}
              people={people}
              columns={columns}
              onChange={onChange}
            />
          );
        })}
      </ul>
      {isCut && (
        <p className="px-4 py-3 text-soft md:px-6">
          These are the first {tasks.length.toLocaleString()} tasks. Search or filter to see others, or use
          the board.
        </p>
      )}
    </div>
  );
}

function TaskRow({
  task,
  style,
  people,
  columns,
  onChange,
}: {
  task: Task;
  style: React.CSSProperties;
  people: readonly Person[];
  columns: readonly TaskColumn[];
  onChange: ChangeTask | undefined;
}) {
  const has = (column: TaskColumn) => columns.includes(column);
  const navigate = useNavigate();
  const [isRenaming, setRenaming] = useState(false);
  const open = () => void navigate({ to: '/tasks/$taskId', params: { taskId: task.id } });
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const isOwn = event.target === event.currentTarget && !event.metaKey && !event.ctrlKey;
    if (isOwn && onChange && event.key === 'F2') return setRenaming(true);
    if (isOwn && openPicker(event.currentTarget, event.key)) return event.preventDefault();
    walkRows(event, open);
  };
  const onClick = (event: MouseEvent<HTMLElement>) => {
    const { target } = event;
    if (target instanceof Element && !target.closest('button, label, input')) open();
  };
  return (
    <li
      style={style}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows and keys of the row work on it
      tabIndex={0}
      aria-label={task.title}
      onClick={onClick}
      onKeyDown={onKeyDown}
      className="group absolute inset-x-0 top-0 flex items-center gap-1 border-line border-b px-3 -outline-offset-2 hover:bg-hover focus-visible:bg-hover md:px-5"
    >
      {has('priority') && <PriorityPicker task={task} onChange={onChange} />}
      {has('status') && <StatusPicker task={task} onChange={onChange} />}
      {isRenaming && onChange ? (
        <TitleEditor
          title={task.title}
          onDone={(title) => {
            setRenaming(false);
            if (title !== undefined) onChange(task, { title });
          }}
        />
      ) : (
        <span
          className={classNames(
            'ml-1 min-w-0 flex-1 truncate',
            (task.status === 'done' || task.status === 'cancelled') && 'text-soft',
          )}
        >
          {task.title}
        </span>
      )}
      {onChange && !isRenaming && (
        <Button
          look="ghost"
          size="icon"
          aria-label="Rename"
          title="Rename (F2)"
          tabIndex={-1}
          onClick={() => setRenaming(true)}
          className="hidden opacity-0 group-hover:opacity-100 focus-visible:opacity-100 md:inline-flex"
        >
          <Pencil aria-hidden />
        </Button>
      )}
      {has('labels') && (
        <span className="hidden gap-1 lg:flex">
          {task.labels.slice(0, 2).map((label) => (
            <Badge key={label}>{label}</Badge>
          ))}
        </span>
      )}
      {has('dueDate') && (
        <span className={classNames(task.dueDate === null && 'hidden opacity-60 sm:block')}>
          <DueDate task={task} onChange={onChange} />
        </span>
      )}
      {has('assignee') && <AssigneePicker task={task} onChange={onChange} people={people} />}
      {has('updatedAt') && (
        <time
          dateTime={task.updatedAt}
          title={wholeMomentText(task.updatedAt)}
          className="hidden w-20 truncate text-right text-mini text-soft sm:block"
        >
          {momentText(task.updatedAt)}
        </time>
      )}
    </li>
  );
}

/** Enter and leaving keep the new title, Escape the old one. */
function TitleEditor({ title, onDone }: { title: string; onDone(title: string | undefined): void }) {
  const finish = (text: string) => onDone(text.trim() !== '' && text !== title ? text : undefined);
  return (
    <input
      aria-label="Title"
      defaultValue={title}
      maxLength={500}
      autoFocus
      onBlur={(event) => finish(event.target.value)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Enter') finish(event.currentTarget.value);
        if (event.key === 'Escape') onDone(undefined);
      }}
      className="ml-1 h-7 min-w-0 flex-1 rounded-md border border-accent bg-raised px-1.5"
    />
  );
}

function toLines(tasks: readonly Task[], grouping: Grouping, people: readonly Person[]): Line[] {
  return groupTasks(tasks, grouping, people).flatMap(({ key, title, tasks: grouped }) => [
    { kind: 'head' as const, key: `group:${key}`, title, count: grouped.length },
    ...grouped.map((task) => ({ kind: 'task' as const, key: task.id, task })),
  ]);
}
