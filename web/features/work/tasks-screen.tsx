import { Columns3, List, ListTodo, Plus, Search } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { SearchInput } from '../../components/search-input.js';
import { Button } from '../../components/ui/button.js';
import { classNames } from '../../components/ui/class-names.js';
import { Picker } from '../../components/ui/picker.js';
import { EmptyState, SkeletonRows } from '../../components/ui/states.js';
import { ResourceFilters } from '../resources/resource-filters.js';
import { useUrlFields } from '../resources/use-url-fields.js';
import { useRights } from '../session/use-rights.js';
import { PageHeader } from '../shell/page-header.js';
import { ProblemScreen } from '../shell/problem-screen.js';
import { type Grouping, groupings } from './group-tasks.js';
import { TaskList } from './task-list.js';
import { useMoveTask } from './use-move-task.js';
import { useTasks } from './use-tasks.js';

const CreateTask = lazy(async () => ({ default: (await import('./create-task.js')).CreateTask }));
const TaskBoard = lazy(async () => ({ default: (await import('./task-board.js')).TaskBoard }));

export interface TasksScreenProps {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  /** What all tasks on it have in common: `projectId`, `assigneeId`. */
  within?: { projectId?: string; assigneeId?: string };
  emptyText: string;
}

/** Tasks as list or board. How they are shown and narrowed stands in the address. */
export function TasksScreen({ title, lead, actions, within = {}, emptyText }: TasksScreenProps) {
  const { may } = useRights();
  const [fields, change] = useUrlFields();
  const [isCreating, setCreating] = useState(false);
  const isBoard = fields.view === 'board';
  const grouping: Grouping = groupings.find((name) => name === fields.group) ?? 'status';
  const narrowed = { q: fields.q, status: fields.status, priority: fields.priority };
  const tasks = useTasks({
    assigneeId: fields.assigneeId,
    ...narrowed,
    sort: isBoard ? 'rank' : (fields.sort ?? 'rank'),
    ...within,
  });
  const move = useMoveTask();
  const isNarrowed = Object.values({ ...narrowed, assigneeId: fields.assigneeId }).some(Boolean);
  const createButton = may('tasks:create') && (
    <Button look="primary" size="small" onClick={() => setCreating(true)}>
      <Plus aria-hidden />
      New task
    </Button>
  );
  const filters = ['status', 'priority', ...(within.assigneeId === undefined ? ['assigneeId'] : [])];
  return (
    <>
      <PageHeader
        title={title}
        lead={lead}
        actions={
          <>
            <ViewSwitch isBoard={isBoard} onSwitch={(view) => change({ view })} />
            {createButton}
            {actions}
          </>
        }
      >
        <SearchInput label="Search tasks" text={fields.q ?? ''} onSearch={(q) => change({ q })} />
        <ResourceFilters resource={tasks.resource} names={filters} fields={fields} onChange={change} />
        {!isBoard && (
          <Picker
            label="Group by"
            choices={groupings.map((value) => ({
              value,
              label: value.charAt(0).toUpperCase() + value.slice(1),
            }))}
            chosen={[grouping]}
            onChoose={(group) => change({ group: group === 'status' ? undefined : group })}
            trigger={
              <Button size="small" look="ghost">
                Group: {grouping}
              </Button>
            }
          />
        )}
      </PageHeader>
      {content()}
      <Suspense>
        {isCreating && (
          <CreateTask projectId={within.projectId} onOpenChange={(isOpen) => setCreating(isOpen)} />
        )}
      </Suspense>
    </>
  );

  function content() {
    if (tasks.isPending) return <SkeletonRows />;
    if (tasks.error && tasks.items.length === 0)
      return <ProblemScreen error={tasks.error} retry={tasks.refetch} />;
    if (tasks.items.length === 0) {
      return isNarrowed ? (
        <EmptyState icon={Search} title="Nothing fits">
          No task is left by search and filters.
        </EmptyState>
      ) : (
        <EmptyState icon={ListTodo} title="No tasks yet" action={createButton}>
          {emptyText}
        </EmptyState>
      );
    }
    if (!isBoard) return <TaskList tasks={tasks.items} grouping={grouping} onChange={tasks.change} />;
    return (
      <Suspense fallback={<SkeletonRows />}>
        <TaskBoard tasks={tasks.items} onChange={tasks.change} onMove={move.mutate} />
      </Suspense>
    );
  }
}

function ViewSwitch({ isBoard, onSwitch }: { isBoard: boolean; onSwitch(view: string | undefined): void }) {
  const views = [
    { label: 'List', icon: List, isOn: !isBoard, value: undefined },
    { label: 'Board', icon: Columns3, isOn: isBoard, value: 'board' },
  ];
  return (
    <div role="group" aria-label="View" className="flex rounded-md border border-line-strong p-px">
      {views.map(({ label, icon: Icon, isOn, value }) => (
        <button
          key={label}
          type="button"
          aria-pressed={isOn}
          onClick={() => onSwitch(value)}
          className={classNames(
            'inline-flex h-6.5 items-center gap-1.5 rounded px-2 text-mini',
            isOn ? 'bg-active font-medium' : 'text-soft hover:bg-hover',
          )}
        >
          <Icon aria-hidden className="size-3.5" />
          <span className="sr-only md:not-sr-only">{label}</span>
        </button>
      ))}
    </div>
  );
}
