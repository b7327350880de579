import { QueryClient, queryOptions } from '@tanstack/react-query';
import { toApiError } from './api-error.js';
import { api, result } from './client.js';

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: {
      /** First parts of the types of events after which it is read anew, such as `task`. */
      topics?: readonly string[];
    };
  }
}

/** What screens read, kept until an event says that it has changed. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      retry: (failures, error) => failures < 2 && isWorthRetrying(error),
      refetchOnWindowFocus: false,
    },
  },
});

/** The person, where they are, and with which rights. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => result(api.GET('/v1/me')),
  meta: { topics: ['member', 'role'] },
});

/** Which modules and features are on. */
export const flagsQuery = queryOptions({
  queryKey: ['flags'],
  queryFn: () => result(api.GET('/v1/flags')),
});

function isWorthRetrying(error: unknown): boolean {
  const { code } = toApiError(error);
  return code === 'offline' || code === 'internal' || code === 'provider_unavailable';
}
