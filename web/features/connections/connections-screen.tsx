import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { KeyRound, Plug, PlugZap, Plus } from 'lucide-react';
import { Suspense, useMemo, useState } from 'react';
import { toast } from 'sonner';
import { messageOf } from '../../api/api-error.js';
import { api, result } from '../../api/client.js';
import { Button } from '../../components/ui/button.js';
import { Dialog } from '../../components/ui/dialog.js';
import { MenuItem } from '../../components/ui/menu.js';
import { Skeleton, SkeletonRows } from '../../components/ui/states.js';
import { type Row, resourceKey, useResource } from '../resources/resource.js';
import { ResourcePage } from '../resources/resource-page.js';
import type { TableColumn } from '../resources/resource-table.js';
import { useResourceRow } from '../resources/use-resource-row.js';
import { useUrlFields } from '../resources/use-url-fields.js';
import { useRights } from '../session/use-rights.js';
import { ProblemScreen } from '../shell/problem-screen.js';
import { ConnectionForm } from './connection-form.js';
import { type Connection, useConnectors } from './connector.js';

/** The apps that the organization is connected to. */
export function ConnectionsScreen() {
  const connectors = useConnectors();
  const { may } = useRights();
  const [fields, change] = useUrlFields();
  const test = useTest();
  const columns = useMemo(
    (): readonly TableColumn[] => [
      { field: 'name', width: 2 },
      {
        field: 'connector',
        label: 'App',
        cell: ({ connector }) => (
          <span className="truncate">
            {connectors.find(({ name }) => name === connector)?.title ?? String(connector)}
          </span>
        ),
      },
      { field: 'status', width: 1, cell: ({ status }) => <ConnectionState status={status} /> },
      { field: 'createdAt', label: 'Made', isMinor: true },
    ],
    [connectors],
  );
  const isNew = fields.add !== undefined || fields.new !== undefined;
  const mayCreate = may('connections:create');
  return (
    <>
      <ResourcePage
        name="connections"
        title="Connections"
        singular="connection"
        icon={Plug}
        columns={columns}
        emptyText="A connection keeps what an app needs to know who you are: entered once, encrypted, never shown again."
        createButton={
          mayCreate && (
            <Button look="primary" size="small" onClick={() => change({ add: 'yes' })}>
              <Plus aria-hidden />
              Connect an app
            </Button>
          )
        }
        canEdit={() => false}
        linkOf={({ id }) => `/connections?open=${id}`}
        moreActions={(row) =>
          may('connections:update') && (
            <>
              <MenuItem onSelect={() => test.mutate(row.id)}>
                <PlugZap aria-hidden />
                Test
              </MenuItem>
              <MenuItem onSelect={() => change({ open: row.id })}>
                <KeyRound aria-hidden />
                Change
              </MenuItem>
            </>
          )
        }
      />
      {isNew && mayCreate && (
        <Dialog
          isOpen
          onOpenChange={(isOpen) => !isOpen && change({ add: undefined, new: undefined })}
          title="Connect an app"
        >
          <Suspense fallback={<SkeletonRows count={4} />}>
            <ConnectionForm
              connectorName={fields.new}
              onDone={(id) => change({ add: undefined, new: undefined, open: id })}
            />
          </Suspense>
        </Dialog>
      )}
      {fields.open !== undefined && !isNew && (
        <Dialog isOpen onOpenChange={(isOpen) => !isOpen && change({ open: undefined })} title="Connection">
          <ConnectionDetails id={fields.open} onClose={() => change({ open: undefined })} />
        </Dialog>
      )}
    </>
  );
}

function ConnectionState({ status }: { status: unknown }) {
  return status === 'active' ? (
    <span className="text-success">Active</span>
  ) : (
    <span className="text-danger">Credentials expired</span>
  );
}

function useTest() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => result(api.POST('/v1/connections/{id}/test', { params: { path: { id } } })),
    onSuccess: ({ account, problem }) => {
      if (problem) toast.error(problem.message);
      else toast(`It works: ${account}`);
    },
    onError: (error) => toast.error(messageOf(error)),
    onSettled: () => client.invalidateQueries({ queryKey: resourceKey.all('connections') }),
  });
}

function ConnectionDetails({ id, onClose }: { id: string; onClose(): void }) {
  const connection = useResourceRow<Connection & Row>(useResource('connections'), id);
  const { may } = useRights();
  const [isChanging, setChanging] = useState(false);
  const test = useTest();
  if (connection.isPending) return <Skeleton className="m-5 h-40" />;
  if (connection.error) return <ProblemScreen error={connection.error} retry={connection.refetch} />;
  const { data } = connection;
  if (isChanging) {
    return (
      <Suspense fallback={<SkeletonRows count={4} />}>
        <ConnectionForm connection={data} onDone={onClose} />
      </Suspense>
    );
  }
  return (
    <div className="grid gap-5 p-5">
      <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-4 gap-y-2">
        <dt className="text-soft">Name</dt>
        <dd className="font-medium">{data.name}</dd>
        <dt className="text-soft">App</dt>
        <dd>{data.connector}</dd>
        <dt className="text-soft">State</dt>
        <dd>
          <ConnectionState status={data.status} />
        </dd>
        {data.hookUrl !== null && (
          <>
            <dt className="text-soft">Webhook</dt>
            <dd>
              <code className="select-all break-all text-mini">{data.hookUrl}</code>
            </dd>
          </>
        )}
      </dl>
      <Uses id={id} />
      {may('connections:update') && (
        <div className="flex justify-end gap-2">
          <Button disabled={test.isPending} onClick={() => test.mutate(id)}>
            <PlugZap aria-hidden />
            Test
          </Button>
          <Button look="primary" onClick={() => setChanging(true)}>
            <KeyRound aria-hidden />
            {data.status === 'active' ? 'Change' : 'Give new credentials'}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Which automations would stop without it. */
function Uses({ id }: { id: string }) {
  const { data } = useQuery({
    queryKey: ['connection-uses', id],
    queryFn: ({ signal }) =>
      result(api.GET('/v1/connections/{id}/uses', { params: { path: { id } }, signal })),
    meta: { topics: ['automation'] },
  });
  if (!data) return <Skeleton className="h-10" />;
  return (
    <div className="grid gap-1.5">
      <h3 className="text-mini text-soft">Used by</h3>
      {data.items.length === 0 && <p>No automation</p>}
      <ul className="grid gap-1">
        {data.items.map((automation) => (
          <li key={automation.id}>
            <Link
              to="/automations/$automationId"
              params={{ automationId: automation.id }}
              className="underline decoration-line-strong underline-offset-2"
            >
              {automation.name}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
