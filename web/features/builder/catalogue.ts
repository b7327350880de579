import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, result } from '../../api/client.js';
import { queryClient } from '../../api/queries.js';
import type { paths } from '../../client/schema.js';

/** An action that a step can perform. */
export type StepSummary =
  paths['/v1/catalogue/steps']['get']['responses'][200]['content']['application/json']['items'][number];

const forever = Number.POSITIVE_INFINITY;

export const stepsQuery = queryOptions({
  queryKey: ['catalogue', 'steps'],
  queryFn: () => result(api.GET('/v1/catalogue/steps')),
  staleTime: forever,
});

export const triggersQuery = queryOptions({
  queryKey: ['catalogue', 'triggers'],
  queryFn: () => result(api.GET('/v1/catalogue/triggers')),
  staleTime: forever,
});

/** What an action takes and gives. */
export function stepQuery(name: string) {
  return queryOptions({
    queryKey: ['catalogue', 'steps', name],
    queryFn: () => result(api.GET('/v1/catalogue/steps/{name}', { params: { path: { name } } })),
    staleTime: forever,
  });
}

/** The same for those who are no component. */
export function readStep(name: string) {
  return queryClient.ensureQueryData(stepQuery(name));
}

/** What a trigger takes and gives. */
export function triggerQuery(name: string, event: string | undefined) {
  return queryOptions({
    queryKey: ['catalogue', 'triggers', name, event],
    queryFn: () =>
      result(
        api.GET('/v1/catalogue/triggers/{name}', {
          params: { path: { name }, query: event === undefined ? {} : { event } },
        }),
      ),
    staleTime: forever,
  });
}

/** Connections of an app, or of none where the app is not known. */
export function useConnections(connector: string | null | undefined) {
  const { data } = useQuery({
    queryKey: ['connections', 'all'],
    queryFn: () => result(api.GET('/v1/connections', { params: { query: { limit: 200 } } })),
    meta: { topics: ['connection'] },
    enabled: Boolean(connector),
  });
  return (data?.items ?? []).filter((connection) => connection.connector === connector);
}
