import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, result } from '../../api/client.js';
import type { paths } from '../../client/schema.js';
import { runKey } from './run.js';

export type RunFilters = Omit<
  NonNullable<paths['/v1/runs']['get']['parameters']['query']>,
  'limit' | 'cursor' | 'sort'
>;

/** Runs, newest first, page after page; read anew when some run changes. */
export function useRuns(filters: RunFilters) {
  const query = useInfiniteQuery({
    queryKey: runKey.list(filters),
    queryFn: ({ pageParam, signal }) => {
      const page = pageParam === undefined ? {} : { cursor: pageParam };
      return result(api.GET('/v1/runs', { params: { query: { ...filters, ...page, limit: 100 } }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    meta: { topics: ['run'] },
  });
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  return { ...query, items };
}
