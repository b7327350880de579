import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Building2 } from 'lucide-react';
import { useCallback } from 'react';
import { api, result } from '../../api/client.js';
import { SearchInput } from '../../components/search-input.js';
import { Avatar } from '../../components/ui/avatar.js';
import { Badge, EmptyState, SkeletonRows } from '../../components/ui/states.js';
import { momentText } from '../resources/moments.js';
import { useUrlFields } from '../resources/use-url-fields.js';
import { PageHeader } from '../shell/page-header.js';
import { ProblemScreen } from '../shell/problem-screen.js';
import { type PlatformColumn, PlatformTable } from './platform-table.js';
import type { ListedTenant } from './tenants-query.js';

const columns: readonly PlatformColumn<ListedTenant>[] = [
  {
    title: 'Name',
    width: 3,
    cell: ({ id, name }) => (
      <span className="flex min-w-0 items-center gap-2">
        <Avatar isSquare id={id} name={name} />
        <span className="truncate">{name}</span>
      </span>
    ),
  },
  {
    title: 'Address',
    width: 2,
    isMinor: true,
    cell: ({ slug }) => <span className="truncate text-soft">{slug}</span>,
  },
  { title: 'Plan', width: 1, isMinor: true, cell: ({ plan }) => <span className="capitalize">{plan}</span> },
  {
    title: 'Members',
    width: 1,
    isMinor: true,
    cell: ({ members }) => <span className="tabular-nums">{members}</span>,
  },
  { title: 'State', width: 1, cell: (tenant) => <Badge>{stateOf(tenant)}</Badge> },
  {
    title: 'Since',
    width: 1,
    isMinor: true,
    cell: ({ createdAt }) => <span className="text-soft">{momentText(createdAt)}</span>,
  },
];

/** All organizations of the platform. */
export function OrganizationsScreen() {
  const [{ q }, change] = useUrlFields();
  const navigate = useNavigate();
  const list = useInfiniteQuery({
    queryKey: ['platform', 'tenants', q],
    queryFn: ({ pageParam: cursor }) => {
      const query = { limit: 100, ...(q && { q }), ...(cursor !== undefined && { cursor }) };
      return result(api.GET('/v1/platform/organizations', { params: { query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  const { data, isPending, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  if (error && items.length === 0) return <ProblemScreen error={error} retry={refetch} />;
  return (
    <>
      <PageHeader title="Organizations">
        <SearchInput label="Search organizations" text={q ?? ''} onSearch={(text) => change({ q: text })} />
      </PageHeader>
      {isPending && <SkeletonRows />}
      {!isPending && items.length === 0 && (
        <EmptyState icon={Building2} title="None fits">
          No organization is called so.
        </EmptyState>
      )}
      {items.length > 0 && (
        <PlatformTable
          label="Organizations"
          columns={columns}
          items={items}
          keyOf={({ id }) => id}
          onOpen={({ id: organizationId }) =>
            void navigate({ to: '/platform/organizations/$organizationId', params: { organizationId } })
          }
          onEnd={onEnd}
        />
      )}
    </>
  );
}

function stateOf({ suspendedAt, eraseAt }: ListedTenant): string {
  if (eraseAt !== null) return 'Deleted';
  return suspendedAt === null ? 'Active' : 'Suspended';
}
