import { useNavigate } from '@tanstack/react-router';
import { ArchiveRestore, type LucideIcon, MoreHorizontal, Pencil, Plus, Search, Trash2 } from 'lucide-react';
import { type ReactNode, useCallback, useState } from 'react';
import { toast } from 'sonner';
import { SearchInput } from '../../components/search-input.js';
import { Button } from '../../components/ui/button.js';
import { Dialog } from '../../components/ui/dialog.js';
import { Menu, MenuItem } from '../../components/ui/menu.js';
import { EmptyState } from '../../components/ui/states.js';
import { useRights } from '../session/use-rights.js';
import { PageHeader } from '../shell/page-header.js';
import { ProblemScreen } from '../shell/problem-screen.js';
import { type Row, useResource } from './resource.js';
import { fieldsOf } from './resource-fields.js';
import { ResourceFilters } from './resource-filters.js';
import { ResourceForm } from './resource-form.js';
import { ResourceTable, type TableColumn } from './resource-table.js';
import { useResourceChanges } from './use-resource-changes.js';
import { useResourceList } from './use-resource-list.js';
import { useUrlFields } from './use-url-fields.js';

export interface ResourcePageProps {
  /** As in the catalogue: `projects`. */
  name: string;
  title: string;
  /** `project`, for messages and buttons. */
  singular: string;
  icon: LucideIcon;
  columns: readonly TableColumn[];
  /** Fields of the forms to create and to edit; all of them unless given. */
  createFields?: readonly string[];
  updateFields?: readonly string[];
  /** Why there is nothing yet, and what such things are good for. */
  emptyText: string;
  /** Filters that are offered; none unless given. */
  filters?: readonly string[];
  /** Where a row leads; else opening one edits it. */
  linkOf?(row: Row): string;
  /** More in the menu of a row. */
  moreActions?(row: Row): ReactNode;
  /** In place of the button that opens the form to create. */
  createButton?: ReactNode;
  canEdit?(row: Row): boolean;
  canDelete?(row: Row): boolean;
}

/** A whole screen for a resource, made of what it declares: list, search, filters, forms, deleting with a way back. */
export function ResourcePage(props: ResourcePageProps) {
  const { name, title, singular, icon, columns, emptyText, filters = [], linkOf, moreActions } = props;
  const resource = useResource(name);
  const { may } = useRights();
  const navigate = useNavigate();
  const [fields, change] = useUrlFields();
  const [opened, setForm] = useState<{ row?: Row }>();
  const changes = useResourceChanges(resource, singular);
  const request = Object.fromEntries(['q', 'sort', ...filters].map((field) => [field, fields[field]]));
  const { restore } = resource.operations;
  const listsDeleted = fieldsOf(resource.operations.list?.input ?? {}).some(
    ({ name: field }) => field === 'deleted',
  );
  const mayRestore = restore !== undefined && listsDeleted && may(restore.permission);
  const isTrash = mayRestore && fields.deleted !== undefined;
  const list = useResourceList<Row>(resource, {
    ...request,
    deleted: isTrash ? 'true' : undefined,
    limit: '100',
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  const { create, update, delete: remove } = resource.operations;
  const mayCreate = create !== undefined && may(create.permission);
  const mayUpdate = update !== undefined && may(update.permission);
  const mayDelete = remove !== undefined && may(remove.permission);
  // Commands elsewhere open the form by the address.
  const form = opened ?? (fields.new !== undefined && mayCreate ? {} : undefined);
  const close = () => {
    setForm(undefined);
    change({ new: undefined });
  };
  const isNarrowed = Object.entries(request).some(([field, value]) => field !== 'sort' && value);
  const open = (row: Row) => {
    if (isTrash) return;
    if (linkOf) return void navigate({ to: linkOf(row) });
    if (mayUpdate && (props.canEdit?.(row) ?? true)) setForm({ row });
  };
  const createButton =
    props.createButton ??
    (mayCreate && (
      <Button look="primary" size="small" onClick={() => setForm({})}>
        <Plus aria-hidden />
        New {singular}
      </Button>
    ));

  if (list.error && list.items.length === 0) return <ProblemScreen error={list.error} retry={list.refetch} />;
  return (
    <>
      <PageHeader title={title} actions={createButton}>
        {resource.isSearchable && (
          <SearchInput
            label={`Search ${title.toLowerCase()}`}
            text={fields.q ?? ''}
            onSearch={(q) => change({ q })}
          />
        )}
        <ResourceFilters resource={resource} names={filters} fields={fields} onChange={change} />
        {mayRestore && (
          <Button
            size="small"
            look={isTrash ? 'secondary' : 'ghost'}
            aria-pressed={isTrash}
            onClick={() => change({ deleted: isTrash ? undefined : 'yes' })}
          >
            <Trash2 aria-hidden className="size-3.5" />
            Deleted
          </Button>
        )}
      </PageHeader>
      {!list.isPending && list.items.length === 0 ? (
        isTrash ? (
          <EmptyState icon={Trash2} title="Nothing was deleted">
            What is deleted is kept here, and can be brought back.
          </EmptyState>
        ) : isNarrowed ? (
          <EmptyState
            icon={Search}
            title="Nothing fits"
            action={
              <Button
                onClick={() =>
                  change(Object.fromEntries(Object.keys(fields).map((field) => [field, undefined])))
                }
              >
                Show all
              </Button>
            }
          >
            No {singular} is left by search and filters.
          </EmptyState>
        ) : (
          <EmptyState icon={icon} title={`No ${singular}s yet`} action={createButton}>
            {emptyText}
          </EmptyState>
        )
      ) : (
        <ResourceTable
          resource={resource}
          columns={columns}
          rows={list.items}
          isPending={list.isPending}
          sort={fields.sort ?? resource.defaultSort}
          onSort={(sort) => change({ sort })}
          onOpen={!isTrash && (linkOf || mayUpdate) ? open : undefined}
          onEnd={onEnd}
          {...(isTrash && {
            actions: (row: Row) => (
              <Button
                look="ghost"
                size="icon"
                aria-label={`Restore ${String(row.name ?? row.title ?? singular)}`}
                title="Restore"
                onClick={() =>
                  changes.restore.mutate(row.id, {
                    onSuccess: () => void toast(`The ${singular} is back`),
                  })
                }
              >
                <ArchiveRestore aria-hidden />
              </Button>
            ),
          })}
          {...(!isTrash &&
            (mayUpdate || mayDelete || moreActions) && {
              actions: (row: Row) => (
                <Menu
                  align="end"
                  trigger={
                    <Button
                      look="ghost"
                      size="icon"
                      aria-label={`Actions for ${String(row.name ?? row.title ?? singular)}`}
                      onClick={(event) => event.stopPropagation()}
                    >
                      <MoreHorizontal aria-hidden />
                    </Button>
                  }
                >
                  {mayUpdate && (props.canEdit?.(row) ?? true) && (
                    <MenuItem onSelect={() => setForm({ row })}>
                      <Pencil aria-hidden />
                      Edit
                    </MenuItem>
                  )}
                  {moreActions?.(row)}
                  {mayDelete && (props.canDelete?.(row) ?? true) && (
                    <MenuItem onSelect={() => changes.remove.mutate(row.id)}>
                      <Trash2 aria-hidden />
                      Delete
                    </MenuItem>
                  )}
                </Menu>
              ),
            })}
        />
      )}
      <Dialog
        isOpen={form !== undefined}
        onOpenChange={(isOpen) => !isOpen && close()}
        title={form?.row ? `Edit ${singular}` : `New ${singular}`}
      >
        {form && (
          <ResourceForm
            resource={resource}
            verb={form.row ? 'update' : 'create'}
            fields={form.row ? props.updateFields : props.createFields}
            initial={form.row}
            submitLabel={form.row ? 'Save' : `Create ${singular}`}
            onSend={async (input) => {
              if (form.row) {
                await changes.update.mutateAsync({ id: form.row.id, changes: input });
              } else {
                const made = await changes.create.mutateAsync(input);
                toast(`The ${singular} was made`);
                if (linkOf) return void navigate({ to: linkOf(made) });
              }
              close();
            }}
          />
        )}
      </Dialog>
    </>
  );
}
