import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { ChevronLeft, Trash2 } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { Button } from '../../components/ui/button.js';
import { Input } from '../../components/ui/field.js';
import { Badge, SkeletonRows } from '../../components/ui/states.js';
import { momentText, wholeMomentText } from '../resources/moments.js';
import { useResource } from '../resources/resource.js';
import { usePeople } from '../resources/use-people.js';
import { useResourceChanges } from '../resources/use-resource-changes.js';
import { useResourceRow } from '../resources/use-resource-row.js';
import { useRights } from '../session/use-rights.js';
import { PageHeader } from '../shell/page-header.js';
import { ProblemScreen } from '../shell/problem-screen.js';
import type { Task } from './task.js';
import { AssigneePicker, type ChangeTask, DueDate, PriorityPicker, StatusPicker } from './task-pickers.js';

/** A task in full. Everything is changed in place. */
export function TaskScreen() {
  const { taskId } = useParams({ from: '/app/tasks/$taskId' });
  const resource = useResource('tasks');
  const task = useResourceRow<Task>(resource, taskId);
  const { update, remove } = useResourceChanges(resource, 'task');
  const { may } = useRights();
  const navigate = useNavigate();
  if (task.isPending) return <SkeletonRows />;
  if (task.error) return <ProblemScreen error={task.error} retry={task.refetch} />;
  const change: ChangeTask = ({ id }, changes) => update.mutate({ id, changes });
  const { projectId } = task.data;
  const back = { to: '/projects/$projectId', params: { projectId } } as const;
  return (
    <>
      <PageHeader
        title={task.data.title}
        lead={
          <Button asChild look="ghost" size="icon">
            <Link {...back} aria-label="To the project">
              <ChevronLeft aria-hidden />
            </Link>
          </Button>
        }
        actions={
          may('tasks:delete') && (
            <Button
              look="ghost"
              size="icon"
              aria-label="Delete the task"
              onClick={() => {
                remove.mutate(taskId);
                void navigate(back);
              }}
            >
              <Trash2 aria-hidden />
            </Button>
          )
        }
      />
      <TaskContent key={taskId} task={task.data} onChange={may('tasks:update') ? change : undefined} />
    </>
  );
}

function TaskContent({ task, onChange }: { task: Task; onChange: ChangeTask | undefined }) {
  const people = usePeople();
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto grid max-w-4xl gap-8 p-5 md:grid-cols-[minmax(0,1fr)_15rem] md:p-10">
        <div className="grid content-start gap-4">
          <textarea
            // Fields of their own keep what is typed; what others change comes in when nobody types.
            key={`title:${task.title}`}
            aria-label="Title"
            defaultValue={task.title}
            readOnly={!onChange}
            maxLength={500}
            rows={1}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              event.currentTarget.blur();
            }}
            onBlur={({ target }) => {
              const title = target.value.trim();
              if (title !== '' && title !== task.title) onChange?.(task, { title });
            }}
            className="field-sizing-content w-full resize-none rounded-md bg-transparent font-semibold text-2xl leading-8 tracking-tight outline-offset-4"
          />
          <textarea
            key={`description:${task.description}`}
            aria-label="Description"
            defaultValue={task.description}
            readOnly={!onChange}
            placeholder={onChange ? 'Add a description …' : 'No description'}
            onBlur={({ target }) => {
              if (target.value !== task.description) onChange?.(task, { description: target.value });
            }}
            className="field-sizing-content min-h-40 w-full resize-none rounded-md bg-transparent text-sm leading-6 outline-offset-4"
          />
        </div>
        <aside aria-label="Properties" className="grid content-start gap-1">
          <Property name="Status">
            <StatusPicker isWide task={task} onChange={onChange} />
          </Property>
          <Property name="Priority">
            <PriorityPicker isWide task={task} onChange={onChange} />
          </Property>
          <Property name="Assignee">
            <AssigneePicker isWide task={task} onChange={onChange} people={people} />
          </Property>
          <Property name="Due">
            <DueDate isWide task={task} onChange={onChange} />
          </Property>
          <Labels task={task} onChange={onChange} />
          <p className="mt-4 px-1.5 text-mini text-soft">
            Made <time title={wholeMomentText(task.createdAt)}>{momentText(task.createdAt)}</time>, changed{' '}
            <time title={wholeMomentText(task.updatedAt)}>{momentText(task.updatedAt)}</time>
          </p>
        </aside>
      </div>
    </div>
  );
}

function Property({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[5rem_minmax(0,1fr)] items-center">
      <span className="px-1.5 text-mini text-soft">{name}</span>
      {children}
    </div>
  );
}

function Labels({ task, onChange }: { task: Task; onChange: ChangeTask | undefined }) {
  const id = useId();
  return (
    <div className="mt-2 grid gap-2 px-1.5">
      <label htmlFor={id} className="text-mini text-soft">
        Labels
      </label>
      {task.labels.length > 0 && (
        <ul className="flex flex-wrap gap-1">
          {task.labels.map((label) => (
            <li key={label}>
              <Badge>
                {label}
                {onChange && (
                  <button
                    type="button"
                    aria-label={`Remove the label ${label}`}
                    className="rounded-full px-0.5 hover:text-text"
                    onClick={() => onChange(task, { labels: task.labels.filter((other) => other !== label) })}
                  >
                    ×
                  </button>
                )}
              </Badge>
            </li>
          ))}
        </ul>
      )}
      {onChange ? (
        <Input
          id={id}
          className="h-7.5"
          placeholder="Add a label, then Enter"
          maxLength={100}
          onKeyDown={({ key, currentTarget }) => {
            const label = currentTarget.value.trim();
            if (key !== 'Enter' || label === '' || task.labels.includes(label)) return;
            onChange(task, { labels: [...task.labels, label] });
            currentTarget.value = '';
          }}
        />
      ) : (
        task.labels.length === 0 && <span id={id}>None</span>
      )}
    </div>
  );
}
