import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { api, result } from '../../api/client.js';
import type { paths } from '../../client/schema.js';
import { SkeletonRows } from '../../components/ui/states.js';
import { momentText, wholeMomentText } from '../resources/moments.js';
import { PageHeader } from '../shell/page-header.js';
import { ProblemScreen } from '../shell/problem-screen.js';
import { type PlatformColumn, PlatformTable } from './platform-table.js';

type Entry =
  paths['/v1/platform/audit']['get']['responses'][200]['content']['application/json']['items'][number];

const columns: readonly PlatformColumn<Entry>[] = [
  {
    title: 'When',
    width: 1,
    cell: ({ at }) => (
      <time dateTime={at} title={wholeMomentText(at)} className="text-soft">
        {momentText(at)}
      </time>
    ),
  },
  { title: 'Action', width: 2, cell: ({ action }) => <code className="truncate text-mini">{action}</code> },
  {
    title: 'Who',
    width: 2,
    isMinor: true,
    cell: ({ principalKind, principalId }) => (
      <code className="truncate text-mini text-soft">
        {principalKind} {principalId.slice(-12)}
      </code>
    ),
  },
  {
    title: 'On what',
    width: 2,
    isMinor: true,
    cell: ({ targetId }) => <code className="truncate text-mini text-soft">{targetId}</code>,
  },
];

/** What was done and read on the platform. What concerns one organization is in its own log. */
export function PlatformLogScreen() {
  const { data, isPending, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } =
    useInfiniteQuery({
      queryKey: ['platform', 'audit'],
      queryFn: ({ pageParam: cursor }) => {
        const query = { limit: 100, ...(cursor !== undefined && { cursor }) };
        return result(api.GET('/v1/platform/audit', { params: { query } }));
      },
      initialPageParam: undefined as string | undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
      staleTime: 0,
    });
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (error) return <ProblemScreen error={error} retry={refetch} />;
  return (
    <>
      <PageHeader title="Platform log" />
      {isPending ? (
        <SkeletonRows />
      ) : (
        <PlatformTable
          label="Platform log"
          columns={columns}
          items={data.pages.flatMap(({ items }) => items)}
          keyOf={({ id }) => id}
          onEnd={onEnd}
        />
      )}
    </>
  );
}
