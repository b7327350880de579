import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Inbox, Mails, Repeat } from 'lucide-react';
import { useCallback } from 'react';
import { toast } from 'sonner';
import { messageOf } from '../../api/api-error.js';
import { api, result } from '../../api/client.js';
import { meQuery } from '../../api/queries.js';
import { SearchInput } from '../../components/search-input.js';
import { Button } from '../../components/ui/button.js';
import { Dialog } from '../../components/ui/dialog.js';
import { EmptyState, Skeleton } from '../../components/ui/states.js';
import { wholeMomentText } from '../resources/moments.js';
import { type Row, resourceKey, useResource } from '../resources/resource.js';
import { ResourceTable, type TableColumn } from '../resources/resource-table.js';
import { useResourceList } from '../resources/use-resource-list.js';
import { useUrlFields } from '../resources/use-url-fields.js';
import { StatusMark } from '../runs/status-mark.js';
import { useRuns } from '../runs/use-runs.js';
import { ValueTree } from '../runs/value-tree.js';
import { useRights } from '../session/use-rights.js';
import { PageHeader } from '../shell/page-header.js';
import { ProblemScreen } from '../shell/problem-screen.js';
import { DeliveryFilters, deliveryRequest, isNarrowed } from './delivery-filters.js';

const columns: readonly TableColumn[] = [
  { field: 'provider', label: 'From' },
  { field: 'triggers', label: 'What', width: 2 },
  {
    field: 'runCount',
    label: 'Runs',
    cell: ({ runCount, dispatchedAt }) => (
      <span className="tabular-nums">{dispatchedAt === null ? 'Waits' : String(runCount)}</span>
    ),
  },
  { field: 'externalId', label: 'Id there', width: 2, isMinor: true },
  { field: 'receivedAt', label: 'Came in' },
];

/** What came in by webhook, mail and the clock: what it carried, and what it started. */
export function DeliveriesScreen() {
  const resource = useResource('deliveries');
  const [fields, change] = useUrlFields();
  const list = useResourceList<Row>(resource, { ...deliveryRequest(fields), limit: '100' });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (list.error && list.items.length === 0) return <ProblemScreen error={list.error} retry={list.refetch} />;
  return (
    <>
      <PageHeader title="Deliveries" actions={<MailboxLink />}>
        <SearchInput label="Find by the id there" text={fields.q ?? ''} onSearch={(q) => change({ q })} />
        <DeliveryFilters fields={fields} onChange={change} />
      </PageHeader>
      {!list.isPending && list.items.length === 0 ? (
        <EmptyState icon={Inbox} title={isNarrowed(fields) ? 'Nothing fits' : 'Nothing came in yet'}>
          Whatever apps send to automations is kept here as it came, and can be let happen again.
        </EmptyState>
      ) : (
        <ResourceTable
          resource={resource}
          columns={columns}
          rows={list.items}
          isPending={list.isPending}
          sort="-receivedAt"
          onSort={() => {}}
          onOpen={({ id }) => change({ open: id })}
          onEnd={onEnd}
        />
      )}
      {fields.open !== undefined && (
        <Dialog
          isOpen
          onOpenChange={(isOpen) => !isOpen && change({ open: undefined })}
          title="Delivery"
          className="max-w-3xl"
        >
          <DeliveryDetails id={fields.open} onReplayed={(id) => change({ open: id })} />
        </Dialog>
      )}
    </>
  );
}

/** The way to the mails that were sent and came in, where they are kept for development. */
function MailboxLink() {
  const { data } = useQuery(meQuery);
  if (!data?.mailboxPath) return null;
  return (
    <Button asChild size="small">
      <a href={data.mailboxPath} target="_blank" rel="noreferrer">
        <Mails aria-hidden />
        Development mailbox
      </a>
    </Button>
  );
}

function DeliveryDetails({ id, onReplayed }: { id: string; onReplayed(id: string): void }) {
  const { may } = useRights();
  const client = useQueryClient();
  const options = { params: { path: { id } } };
  const delivery = useQuery({
    queryKey: ['deliveries', id],
    queryFn: ({ signal }) => result(api.GET('/v1/deliveries/{id}', { ...options, signal })),
    meta: { topics: ['run'] },
  });
  const runs = useRuns({ sourceId: id });
  const replay = useMutation({
    mutationFn: () => result(api.POST('/v1/deliveries/{id}/replay', options)),
    onSuccess: ({ deliveryId }) => {
      toast('It happens again');
      onReplayed(deliveryId);
    },
    onError: (error) => toast.error(messageOf(error)),
    onSettled: () => client.invalidateQueries({ queryKey: resourceKey.all('deliveries') }),
  });
  if (delivery.isPending) return <Skeleton className="m-5 h-60" />;
  if (delivery.error) return <ProblemScreen error={delivery.error} retry={delivery.refetch} />;
  const { provider, triggers, externalId, receivedAt, payloadSize, payload, replayOf } = delivery.data;
  return (
    <div className="grid gap-4 p-5">
      <dl className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        <dt className="text-soft">From</dt>
        <dd>
          {provider} · {triggers.join(', ')}
        </dd>
        <dt className="text-soft">Came in</dt>
        <dd>{wholeMomentText(receivedAt)}</dd>
        <dt className="text-soft">Id there</dt>
        <dd>
          <code className="break-all text-mini">{externalId}</code>
        </dd>
        <dt className="text-soft">Size</dt>
        <dd>{payloadSize.toLocaleString()} bytes</dd>
        {replayOf !== null && (
          <>
            <dt className="text-soft">Repeats</dt>
            <dd>an earlier delivery</dd>
          </>
        )}
        <dt className="text-soft">Started</dt>
        <dd className="grid gap-1">
          {runs.items.length === 0 && 'No run'}
          {runs.items.map((run) => (
            <Link
              key={run.id}
              to="/runs/$runId"
              params={{ runId: run.id }}
              className="flex items-center gap-2 underline decoration-line-strong underline-offset-2"
            >
              <StatusMark status={run.status} />
              {run.automationName}
            </Link>
          ))}
        </dd>
      </dl>
      <ValueTree value={payload} path="" label="What it carried" />
      {may('deliveries:replay') && (
        <div className="flex justify-end">
          <Button look="primary" disabled={replay.isPending} onClick={() => replay.mutate()}>
            <Repeat aria-hidden />
            Let it happen again
          </Button>
        </div>
      )}
    </div>
  );
}
