import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { api, result } from '../../api/client.js';
import type { paths } from '../../client/schema.js';

/** What the API's catalogue tells of a resource: operations, fields, filters, orders. */
export type Resource =
  paths['/v1/catalogue/resources/{name}']['get']['responses'][200]['content']['application/json'];

/** A row of any resource. */
export interface Row {
  id: string;
  [field: string]: unknown;
}

export function resourceQuery(name: string) {
  return queryOptions({
    queryKey: ['catalogue', name],
    queryFn: () => result(api.GET('/v1/catalogue/resources/{name}', { params: { path: { name } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The description of a resource. Suspends until it is known. */
export function useResource(name: string): Resource {
  return useSuspenseQuery(resourceQuery(name)).data;
}

/** Where all that was read of a resource is kept: lists, then single rows. */
export const resourceKey = {
  all: (name: string) => ['resource', name] as const,
  lists: (name: string) => ['resource', name, 'list'] as const,
  list: (name: string, request: object) => ['resource', name, 'list', request] as const,
  row: (name: string, id: string) => ['resource', name, 'row', id] as const,
};
