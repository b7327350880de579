import { Plus } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { SearchInput } from '../../components/search-input.js';
import { Button } from '../../components/ui/button.js';
import { SkeletonRows } from '../../components/ui/states.js';
import { useResource } from '../resources/resource.js';
import { ResourceFilters } from '../resources/resource-filters.js';
import { useResourceChanges } from '../resources/use-resource-changes.js';
import { useUrlFields } from '../resources/use-url-fields.js';
import { useRights } from '../session/use-rights.js';
import { PageHeader } from '../shell/page-header.js';
import { DisplayMenu } from './display-menu.js';
import { type Grouping, groupings } from './group-tasks.js';
import { columnsIn } from './task-columns.js';
import { LayoutSwitch, layoutIn } from './task-layout.js';
import { TaskListView } from './task-list-view.js';
import type { ChangeTask } from './task-pickers.js';
import { sortIn, type TasksWithin, taskRequest } from './task-request.js';
import { ViewsMenu } from './views-menu.js';

const CreateTask = lazy(async () => ({ default: (await import('./create-task.js')).CreateTask }));
const TaskBoard = lazy(async () => ({ default: (await import('./task-board.js')).TaskBoard }));
const TaskCalendar = lazy(async () => ({ default: (await import('./task-calendar.js')).TaskCalendar }));

export interface TasksScreenProps {
  title: string;
  lead?: ReactNode;
  /** What all tasks on it have in common: `projectId`, `assigneeId`. */
  within?: TasksWithin;
  emptyText: string;
}

/** Tasks as list, board or calendar. How they are shown and narrowed stands in the address, and can be kept as a view. */
export function TasksScreen({ title, lead, within = {}, emptyText }: TasksScreenProps) {
  const resource = useResource('tasks');
  const { may } = useRights();
  const { update } = useResourceChanges(resource, 'task');
  const [fields, change] = useUrlFields();
  const [isCreating, setCreating] = useState(false);
  const layout = layoutIn(fields.view);
  const grouping: Grouping = groupings.find((name) => name === fields.group) ?? 'status';
  const sort = sortIn(fields);
  const columns = columnsIn(fields.columns);
  const { q, status, priority, assigneeId, label } = fields;
  const request = taskRequest(fields, within);
  const onChange: ChangeTask | undefined = may('tasks:update')
    ? ({ id }, changes) => update.mutate({ id, changes })
    : undefined;
  const createButton = may('tasks:create') && (
    <Button look="primary" size="small" onClick={() => setCreating(true)}>
      <Plus aria-hidden />
      <span className="max-sm:sr-only">New task</span>
    </Button>
  );
  const isNarrowed = [q, status, priority, assigneeId, label].some(Boolean);
  const empty = { isNarrowed, text: emptyText, action: createButton };
  const filters = ['status', 'priority', ...(within.assigneeId === undefined ? ['assigneeId'] : [])];
  return (
    <>
      <PageHeader
        title={title}
        lead={lead}
        actions={
          <div className="ml-auto flex items-center gap-3">
            <LayoutSwitch
              layout={layout}
              onSwitch={(view) => change({ view: view === 'list' ? undefined : view })}
            />
            {createButton}
          </div>
        }
      >
        <SearchInput label="Search tasks" text={q ?? ''} onSearch={(text) => change({ q: text })} />
        <ResourceFilters resource={resource} names={filters} fields={fields} onChange={change} />
        {layout === 'list' && (
          <DisplayMenu
            grouping={grouping}
            sort={sort}
            columns={columns}
            onGroup={(group) => change({ group: group === 'status' ? undefined : group })}
            onSort={(order) => change({ sort: order === 'rank' ? undefined : order })}
            onColumns={(shown) => change({ columns: shown.join(',') || 'none' })}
          />
        )}
        {may('task_views:read') && (
          <Suspense>
            <ViewsMenu projectId={within.projectId} fields={fields} onShow={change} />
          </Suspense>
        )}
      </PageHeader>
      {layout === 'list' ? (
        <TaskListView
          resource={resource}
          request={{ ...request, sort }}
          grouping={grouping}
          columns={columns}
          onChange={onChange}
          empty={empty}
        />
      ) : (
        <Suspense fallback={<SkeletonRows />}>
          {layout === 'board' ? (
            <TaskBoard resource={resource} request={request} onChange={onChange} empty={empty} />
          ) : (
            <TaskCalendar
              resource={resource}
              request={request}
              fields={fields}
              onShow={change}
              onChange={onChange}
            />
          )}
        </Suspense>
      )}
      <Suspense>
        {isCreating && (
          <CreateTask projectId={within.projectId} onOpenChange={(isOpen) => setCreating(isOpen)} />
        )}
      </Suspense>
    </>
  );
}
