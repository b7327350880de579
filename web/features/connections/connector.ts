import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { api, result } from '../../api/client.js';
import type { paths } from '../../client/schema.js';
import type { Row } from '../resources/resource.js';

export type Connector =
  paths['/v1/catalogue/connectors']['get']['responses'][200]['content']['application/json']['items'][number];

type Listed =
  paths['/v1/connections']['get']['responses'][200]['content']['application/json']['items'][number];

/** A connection as the API gives it: never with its secret. */
export type Connection = Listed & Row;

const connectorsQuery = queryOptions({
  queryKey: ['catalogue', 'connectors'],
  queryFn: async () => (await result(api.GET('/v1/catalogue/connectors'))).items,
  staleTime: Number.POSITIVE_INFINITY,
});

/** The apps that can be connected. Suspends until they are known. */
export function useConnectors(): readonly Connector[] {
  return useSuspenseQuery(connectorsQuery).data;
}
