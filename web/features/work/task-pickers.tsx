import { CalendarDays, UserRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { Avatar } from '../../components/ui/avatar.js';
import { classNames } from '../../components/ui/class-names.js';
import { Picker } from '../../components/ui/picker.js';
import { dayText, today } from '../resources/moments.js';
import type { Person } from '../resources/use-people.js';
import {
  priorities,
  priorityLooks,
  statuses,
  statusLooks,
  type Task,
  type TaskPriority,
  type TaskStatus,
} from './task.js';

/** Changes of a task that are made in place. */
export type ChangeTask = (task: Task, changes: Partial<Task>) => void;

export interface TaskPickerProps {
  task: Task;
  /** Undefined: it is shown only. */
  onChange?: ChangeTask | undefined;
  /** With its name beside the icon. */
  isWide?: boolean;
}

const nobody = 'nobody';

export function StatusPicker({ task, onChange, isWide = false }: TaskPickerProps) {
  const { label } = statusLooks[task.status];
  const content = (
    <>
      <StatusIcon status={task.status} />
      {isWide && label}
    </>
  );
  if (!onChange) return <Shown label={`Status: ${label}`}>{content}</Shown>;
  return (
    <Picker
      label="Status"
      choices={statuses.map((value) => ({
        value,
        label: statusLooks[value].label,
        icon: <StatusIcon status={value} />,
      }))}
      chosen={[task.status]}
      onChoose={(status) => onChange(task, { status })}
      trigger={<Trigger shortcut="s" label={`Status: ${label}`} isWide={isWide} content={content} />}
    />
  );
}

export function PriorityPicker({ task, onChange, isWide = false }: TaskPickerProps) {
  const { label } = priorityLooks[task.priority];
  const content = (
    <>
      <PriorityIcon priority={task.priority} />
      {isWide && label}
    </>
  );
  if (!onChange) return <Shown label={`Priority: ${label}`}>{content}</Shown>;
  return (
    <Picker
      label="Priority"
      choices={priorities.map((value) => ({
        value,
        label: priorityLooks[value].label,
        icon: <PriorityIcon priority={value} />,
      }))}
      chosen={[task.priority]}
      onChoose={(priority) => onChange(task, { priority })}
      trigger={<Trigger shortcut="p" label={`Priority: ${label}`} isWide={isWide} content={content} />}
    />
  );
}

export function AssigneePicker({
  task,
  onChange,
  people,
  isWide = false,
}: TaskPickerProps & { people: readonly Person[] }) {
  const person = people.find(({ id }) => id === task.assigneeId);
  const label = person?.name ?? (task.assigneeId === null ? 'Nobody' : 'Somebody');
  const content = (
    <>
      {person ? (
        <Avatar id={person.id} name={person.name} />
      ) : (
        <UserRound aria-hidden className="size-4 text-faint" />
      )}
      {isWide && <span className="truncate">{label}</span>}
    </>
  );
  if (!onChange || people.length === 0) return <Shown label={`Assignee: ${label}`}>{content}</Shown>;
  return (
    <Picker
      label="Assignee"
      choices={[
        { value: nobody, label: 'Nobody', icon: <UserRound aria-hidden className="size-4 text-faint" /> },
        ...people.map(({ id, name }) => ({ value: id, label: name, icon: <Avatar id={id} name={name} /> })),
      ]}
      chosen={[task.assigneeId ?? nobody]}
      onChoose={(id) => onChange(task, { assigneeId: id === nobody ? null : id })}
      trigger={<Trigger shortcut="a" label={`Assignee: ${label}`} isWide={isWide} content={content} />}
    />
  );
}

/** The day by which it is due, in red when that is over. */
export function DueDate({ task, onChange, isWide = false }: TaskPickerProps) {
  const { dueDate, status } = task;
  const isLate = dueDate !== null && dueDate < today() && status !== 'done' && status !== 'cancelled';
  const text = dueDate === null ? (isWide ? 'No due date' : '') : dayText(dueDate);
  return (
    <span
      className={classNames(
        'relative inline-flex h-7 items-center gap-1.5 whitespace-nowrap rounded-md px-1.5 text-mini focus-within:outline-2 focus-within:outline-accent',
        onChange && 'hover:bg-active',
        isLate ? 'text-danger' : 'text-soft',
        isWide && 'text-small',
      )}
    >
      <CalendarDays aria-hidden className="size-3.5 shrink-0" />
      {text}
      {isLate && <span className="sr-only">, overdue</span>}
      {onChange && (
        <input
          type="date"
          aria-label="Due date"
          value={dueDate ?? ''}
          onClick={(event) => {
            event.stopPropagation();
            event.currentTarget.showPicker?.();
          }}
          onChange={(event) => onChange(task, { dueDate: event.target.value || null })}
          className="absolute inset-0 opacity-0"
        />
      )}
    </span>
  );
}

export function StatusIcon({ status }: { status: TaskStatus }) {
  const { icon: Icon, className } = statusLooks[status];
  return <Icon aria-hidden className={classNames('size-4 shrink-0', className)} />;
}

export function PriorityIcon({ priority }: { priority: TaskPriority }) {
  const { icon: Icon, className } = priorityLooks[priority];
  return <Icon aria-hidden className={classNames('size-4 shrink-0', className)} />;
}

function Shown({ label, children }: { label: string; children: ReactNode }) {
  return (
    <span role="img" aria-label={label} title={label} className="inline-flex h-7 items-center gap-2 px-1.5">
      {children}
    </span>
  );
}

/** Also gets what the popover that it opens gives to its trigger. */
function Trigger({
  label,
  shortcut,
  isWide,
  content,
  ...props
}: {
  label: string;
  shortcut: string;
  isWide: boolean;
  content: ReactNode;
}) {
  return (
    <button
      {...props}
      type="button"
      aria-label={label}
      title={label}
      data-pick={shortcut}
      onPointerDown={(event) => event.stopPropagation()}
      className={classNames(
        'inline-flex h-7 min-w-0 items-center gap-2 rounded-md px-1.5 hover:bg-active aria-expanded:bg-active',
        isWide && 'w-full',
      )}
    >
      {content}
    </button>
  );
}

/** Opens the picker of a row or card whose key was pressed (`s`, `p`, `a`). True if there is one. */
export function openPicker(row: HTMLElement, key: string): boolean {
  const trigger = row.querySelector<HTMLElement>(`[data-pick="${CSS.escape(key)}"]`);
  trigger?.click();
  return trigger !== null;
}
