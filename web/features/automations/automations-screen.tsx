import { Link, useNavigate } from '@tanstack/react-router';
import { LayoutTemplate, Plus, RotateCcw, Search, Trash2, Upload, Workflow } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import { SearchInput } from '../../components/search-input.js';
import { Button } from '../../components/ui/button.js';
import { EmptyState } from '../../components/ui/states.js';
import { useResource } from '../resources/resource.js';
import { ResourceFilters } from '../resources/resource-filters.js';
import { ResourceTable } from '../resources/resource-table.js';
import { useResourceList } from '../resources/use-resource-list.js';
import { useUrlFields } from '../resources/use-url-fields.js';
import { useRights } from '../session/use-rights.js';
import { PageHeader } from '../shell/page-header.js';
import { ProblemScreen } from '../shell/problem-screen.js';
import type { Automation } from './automation.js';
import { automationColumns } from './automation-columns.js';
import { AutomationMenu } from './automation-menu.js';
import { BulkBar } from './bulk-bar.js';
import { ImportButton } from './import-button.js';
import { useActivity } from './use-activity.js';
import { useAutomationChanges } from './use-automation-changes.js';
import { useChosen } from './use-chosen.js';
import { useCreateAutomation } from './use-create-automation.js';

/** All automations with how they went lately, and what can be done with one or several; or those that were deleted. */
export function AutomationsScreen() {
  const resource = useResource('automations');
  const { may } = useRights();
  const navigate = useNavigate();
  const [fields, change] = useUrlFields();
  const areDeleted = fields.deleted === 'true';
  const request = {
    status: fields.status,
    ownerId: fields.ownerId,
    q: fields.q,
    deleted: areDeleted ? 'true' : undefined,
    sort: fields.sort ?? '-updatedAt',
    limit: '100',
  };
  const list = useResourceList<Automation>(resource, request);
  const { items, hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const activity = useActivity(useMemo(() => items.map(({ id }) => id), [items]));
  const chosen = useChosen(resource, request, items);
  const { selected, isChosen, toggle } = chosen;
  const restore = useAutomationChanges();
  const columns = automationColumns({ items, areDeleted, isChosen, toggle, activity });
  /** Another list is shown: what was chosen of this one is not seen any more. */
  const narrow = (changes: Parameters<typeof change>[0]) => {
    chosen.chooseNone();
    change(changes);
  };

  if (list.error && items.length === 0) return <ProblemScreen error={list.error} retry={list.refetch} />;
  const isNarrowed = Boolean(fields.status || fields.q || fields.ownerId);
  const areAllChosen = !hasNextPage && items.every(({ id }) => isChosen(id));
  return (
    <>
      <PageHeader title="Automations" actions={may('automations:create') && !areDeleted && <Makers />}>
        <SearchInput label="Search automations" text={fields.q ?? ''} onSearch={(q) => narrow({ q })} />
        <ResourceFilters
          resource={resource}
          names={['status', 'ownerId']}
          fields={fields}
          onChange={narrow}
        />
        <Button
          size="small"
          look={areDeleted ? 'secondary' : 'ghost'}
          aria-pressed={areDeleted}
          onClick={() => narrow({ deleted: areDeleted ? undefined : 'true' })}
        >
          <Trash2 aria-hidden className="size-3.5" />
          Deleted
        </Button>
      </PageHeader>
      {selected.length > 0 && (
        <BulkBar
          selected={selected}
          areDeleted={areDeleted}
          onChooseAll={areAllChosen ? undefined : chosen.chooseAll}
          isChoosing={chosen.isChoosing}
          onDone={chosen.chooseNone}
        />
      )}
      {!list.isPending && items.length === 0 ? (
        <Nothing isNarrowed={isNarrowed} areDeleted={areDeleted} />
      ) : (
        <ResourceTable
          resource={resource}
          columns={columns}
          rows={items}
          isPending={list.isPending}
          sort={fields.sort ?? '-updatedAt'}
          onSort={(sort) => change({ sort })}
          onOpen={
            areDeleted
              ? undefined
              : ({ id }) => void navigate({ to: '/automations/$automationId', params: { automationId: id } })
          }
          onEnd={onEnd}
          actions={(row) => {
            const automation = items.find(({ id }) => id === row.id);
            if (!automation) return null;
            if (!areDeleted) return <AutomationMenu automation={automation} />;
            return (
              may('automations:delete') && (
                <Button
                  look="ghost"
                  size="icon"
                  aria-label={`Restore ${automation.name}`}
                  title="Restore"
                  onClick={() => restore({ verb: 'restore', targets: [automation] })}
                >
                  <RotateCcw aria-hidden />
                </Button>
              )
            );
          }}
        />
      )}
    </>
  );
}

/** The ways to a new automation. */
function Makers() {
  const create = useCreateAutomation();
  return (
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
}

function Nothing({ isNarrowed, areDeleted }: { isNarrowed: boolean; areDeleted: boolean }) {
  const { may } = useRights();
  if (isNarrowed) {
    return (
      <EmptyState icon={Search} title="Nothing fits">
        No automation is left by search and filters.
      </EmptyState>
    );
  }
  if (areDeleted) {
    return (
      <EmptyState icon={Trash2} title="Nothing was deleted">
        Automations that are deleted stay here until they are restored.
      </EmptyState>
    );
  }
  return (
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
      An automation does what follows each time something happens: a mail comes in, an issue is opened, a day
      begins.
    </EmptyState>
  );
}
