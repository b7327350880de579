import {
  type InfiniteData,
  infiniteQueryOptions,
  keepPreviousData,
  useInfiniteQuery,
} from '@tanstack/react-query';
import { useMemo } from 'react';
import { ApiError } from '../../api/api-error.js';
import { callOperation } from '../../api/call-operation.js';
import { type Resource, type Row, resourceKey } from './resource.js';

/** What to list: filters by name, `sort`, `q`, `limit`. Fields without a value are left out. */
export type ListRequest = Readonly<Record<string, string | undefined>>;

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

export type Pages<Item> = InfiniteData<Page<Item>, string | undefined>;

/** Rows of a resource, page after page. `Item` is what the API's document says of its rows. */
export function useResourceList<Item extends Row>(
  resource: Resource,
  request: ListRequest,
  isEnabled = true,
) {
  const query = useInfiniteQuery({
    ...resourceListQuery<Item>(resource, request),
    placeholderData: keepPreviousData,
    enabled: isEnabled,
  });
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  return { ...query, items };
}

/** How the list is read; also before the screen is there that shows it. */
export function resourceListQuery<Item extends Row>(resource: Resource, request: ListRequest) {
  const { name, operations, topic } = resource;
  const wanted = Object.fromEntries(Object.entries(request).filter(([, value]) => value));
  return infiniteQueryOptions({
    queryKey: resourceKey.list(name, wanted),
    queryFn: async ({ pageParam, signal }) => {
      if (!operations.list) throw new ApiError('not_found', `There is no list of ${name}`);
      const input = pageParam === undefined ? wanted : { ...wanted, cursor: pageParam };
      // The API has parsed what it sends with the schema of which `Item` was made.
      return (await callOperation(operations.list, input, signal)) as Page<Item>;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }: Page<Item>) => nextCursor ?? undefined,
    ...(topic !== null && { meta: { topics: [topic] } }),
  });
}
