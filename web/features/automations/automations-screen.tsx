import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import {
  Copy,
  Download,
  LayoutTemplate,
  MoreHorizontal,
  Pause,
  Pencil,
  Play,
  Plus,
  Search,
  Trash2,
  Upload,
  Workflow,
} from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { toast } from 'sonner';
import { messageOf } from '../../api/api-error.js';
import { api, result } from '../../api/client.js';
import { SearchInput } from '../../components/search-input.js';
import { Button } from '../../components/ui/button.js';
import { Menu, MenuItem } from '../../components/ui/menu.js';
import { EmptyState } from '../../components/ui/states.js';
import { momentText, wholeMomentText } from '../resources/moments.js';
import { type Row, useResource } from '../resources/resource.js';
import { ResourceFilters } from '../resources/resource-filters.js';
import { ResourceTable, type TableColumn } from '../resources/resource-table.js';
import { useResourceList } from '../resources/use-resource-list.js';
import { useUrlFields } from '../resources/use-url-fields.js';
import { useRights } from '../session/use-rights.js';
import { PageHeader } from '../shell/page-header.js';
import { ProblemScreen } from '../shell/problem-screen.js';
import { type Automation, triggerOf } from './automation.js';
import { exportAutomation } from './export-automation.js';
import { ImportButton } from './import-button.js';
import { Sparkline } from './sparkline.js';
import { StatusSwitch } from './status-switch.js';
import { useActivity } from './use-activity.js';
import { useAutomationChanges } from './use-automation-changes.js';

/** All automations with how they went lately, and what can be done with one or several. */
export function AutomationsScreen() {
  const resource = useResource('automations');
  const { may } = useRights();
  const navigate = useNavigate();
  const [fields, change] = useUrlFields();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const list = useResourceList<Automation>(resource, {
    status: fields.status,
    ownerId: fields.ownerId,
    q: fields.q,
    sort: fields.sort ?? '-updatedAt',
    limit: '100',
  });
  const { items, hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const activity = useActivity(useMemo(() => items.map(({ id }) => id), [items]));
  const byId = useMemo(() => new Map(items.map((item) => [item.id, item])), [items]);
  const selected = items.filter(({ id }) => chosen.has(id));
  const create = useCreateAutomation();

  const columns = useMemo((): readonly TableColumn[] => {
    const ofRow = (row: Row, draw: (automation: Automation) => React.ReactNode) => {
      const automation = byId.get(row.id);
      return automation && draw(automation);
    };
    const toggle = (id: string, isChosen: boolean) =>
      setChosen((before) => {
        const next = new Set(before);
        if (isChosen) next.add(id);
        else next.delete(id);
        return next;
      });
    return [
      {
        field: 'name',
        width: 3,
        cell: (row) =>
          ofRow(row, ({ id, name }) => (
            <span className="flex min-w-0 items-center gap-3">
              <input
                type="checkbox"
                aria-label={`Choose ${name}`}
                checked={chosen.has(id)}
                onClick={(event) => event.stopPropagation()}
                onChange={({ target }) => toggle(id, target.checked)}
                className="size-3.5 shrink-0 accent-accent"
              />
              <span className="truncate font-medium">{name}</span>
            </span>
          )),
      },
      {
        field: 'status',
        width: 1,
        cell: (row) => ofRow(row, (automation) => <StatusSwitch automation={automation} />),
      },
      {
        field: 'trigger',
        width: 2,
        isMinor: true,
        cell: (row) =>
          ofRow(row, (automation) => <span className="truncate text-soft">{triggerOf(automation)}</span>),
      },
      {
        field: 'runs',
        label: 'Last runs',
        width: 2,
        isMinor: true,
        cell: (row) => <Sparkline runs={activity.get(row.id) ?? []} />,
      },
      {
        field: 'lastRun',
        label: 'Last run',
        isMinor: true,
        cell: (row) => {
          const [last] = activity.get(row.id) ?? [];
          return (
            last && (
              <time dateTime={last.createdAt} title={wholeMomentText(last.createdAt)} className="text-soft">
                {momentText(last.createdAt)}
              </time>
            )
          );
        },
      },
      { field: 'ownerId', label: 'Owner', isMinor: true },
    ];
  }, [byId, chosen, activity]);

  const isNarrowed = Boolean(fields.status || fields.q || fields.ownerId);
  const makers = may('automations:create') && (
    <>
      <Button asChild size="small">
        <Link to="/automations/templates">
          <LayoutTemplate aria-hidden />
          Templates
        </Link>
      </Button>
      <ImportButton>
        <Upload aria-hidden />
        Import
      </ImportButton>
      <Button look="primary" size="small" disabled={create.isPending} onClick={() => create.mutate()}>
        <Plus aria-hidden />
        New automation
      </Button>
    </>
  );
  if (list.error && items.length === 0) return <ProblemScreen error={list.error} retry={list.refetch} />;
  return (
    <>
      <PageHeader title="Automations" actions={makers}>
        <SearchInput label="Search automations" text={fields.q ?? ''} onSearch={(q) => change({ q })} />
        <ResourceFilters
          resource={resource}
          names={['status', 'ownerId']}
          fields={fields}
          onChange={change}
        />
      </PageHeader>
      {selected.length > 0 && <BulkBar selected={selected} onDone={() => setChosen(new Set())} />}
      {!list.isPending && items.length === 0 ? (
        isNarrowed ? (
          <EmptyState icon={Search} title="Nothing fits">
            No automation is left by search and filters.
          </EmptyState>
        ) : (
          <EmptyState
            icon={Workflow}
            title="No automations yet"
            action={
              may('automations:create') && (
                <Button asChild look="primary">
                  <Link to="/automations/templates">Begin with a template</Link>
                </Button>
              )
            }
          >
            An automation does what follows each time something happens: a mail comes in, an issue is opened,
            a day begins.
          </EmptyState>
        )
      ) : (
        <ResourceTable
          resource={resource}
          columns={columns}
          rows={items}
          isPending={list.isPending}
          sort={fields.sort ?? '-updatedAt'}
          onSort={(sort) => change({ sort })}
          onOpen={({ id }) =>
            void navigate({ to: '/automations/$automationId', params: { automationId: id } })
          }
          onEnd={onEnd}
          actions={(row) => {
            const automation = byId.get(row.id);
            return automation && <AutomationMenu automation={automation} />;
          }}
        />
      )}
    </>
  );
}

/** Makes an empty automation and leads to where it is built. */
export function useCreateAutomation() {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () =>
      result(
        api.POST('/v1/automations', {
          body: { name: 'New automation', draft: { name: 'New automation', nodes: [], edges: [] } },
        }),
      ),
    onSuccess: ({ id }) => navigate({ to: '/automations/$automationId/edit', params: { automationId: id } }),
    onError: (error) => toast.error(messageOf(error)),
  });
}

function BulkBar({ selected, onDone }: { selected: readonly Automation[]; onDone(): void }) {
  const { may } = useRights();
  const change = useAutomationChanges();
  const act = (verb: 'pause' | 'resume' | 'delete', targets: readonly Automation[]) => {
    change({ verb, targets });
    onDone();
  };
  const active = selected.filter(({ status }) => status === 'active');
  const paused = selected.filter(({ status }) => status === 'paused');
  return (
    <div
      role="toolbar"
      aria-label="With those that are chosen"
      className="flex shrink-0 flex-wrap items-center gap-2 border-line border-b bg-accent-soft px-4 py-1.5 md:px-6"
    >
      <span className="mr-2 font-medium">{selected.length} chosen</span>
      {may('automations:publish') && (
        <>
          <Button size="small" disabled={paused.length === 0} onClick={() => act('resume', paused)}>
            <Play aria-hidden />
            Enable
          </Button>
          <Button size="small" disabled={active.length === 0} onClick={() => act('pause', active)}>
            <Pause aria-hidden />
            Disable
          </Button>
        </>
      )}
      {may('automations:delete') && (
        <Button size="small" look="danger" onClick={() => act('delete', selected)}>
          <Trash2 aria-hidden />
          Delete
        </Button>
      )}
      <Button size="small" look="ghost" className="ml-auto" onClick={onDone}>
        Choose none
      </Button>
    </div>
  );
}

/** What can be done with one automation. */
export function AutomationMenu({ automation }: { automation: Automation }) {
  const { id, name } = automation;
  const { may } = useRights();
  const navigate = useNavigate();
  const change = useAutomationChanges();
  const duplicate = useMutation({
    mutationFn: () => result(api.POST('/v1/automations/{id}/duplicate', { params: { path: { id } } })),
    onSuccess: (made) => navigate({ to: '/automations/$automationId', params: { automationId: made.id } }),
    onError: (error) => toast.error(messageOf(error)),
  });
  const remove = () => {
    change({ verb: 'delete', targets: [{ id, name }] });
    void navigate({ to: '/automations' });
  };
  return (
    <Menu
      align="end"
      trigger={
        <Button
          look="ghost"
          size="icon"
          aria-label={`Actions for ${name}`}
          onClick={(event) => event.stopPropagation()}
        >
          <MoreHorizontal aria-hidden />
        </Button>
      }
    >
      {may('automations:update') && (
        <MenuItem
          onSelect={() =>
            void navigate({ to: '/automations/$automationId/edit', params: { automationId: id } })
          }
        >
          <Pencil aria-hidden />
          Edit
        </MenuItem>
      )}
      {may('automations:create') && (
        <MenuItem onSelect={() => duplicate.mutate()}>
          <Copy aria-hidden />
          Duplicate
        </MenuItem>
      )}
      <MenuItem
        onSelect={() =>
          void exportAutomation(automation).catch((error: unknown) => toast.error(messageOf(error)))
        }
      >
        <Download aria-hidden />
        Export as JSON
      </MenuItem>
      {may('automations:delete') && (
        <MenuItem onSelect={remove}>
          <Trash2 aria-hidden />
          Delete
        </MenuItem>
      )}
    </Menu>
  );
}
