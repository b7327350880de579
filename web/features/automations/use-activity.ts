import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, result } from '../../api/client.js';
import type { paths } from '../../client/schema.js';
import { useRights } from '../session/use-rights.js';

export type RecentRun =
  paths['/v1/automations/activity']['get']['responses'][200]['content']['application/json']['items'][number]['runs'][number];

/** As many as one call takes. */
const most = 200;

/** The newest runs of each of these automations, newest first, in one call. */
export function useActivity(ids: readonly string[]): ReadonlyMap<string, readonly RecentRun[]> {
  const { may } = useRights();
  const asked = ids.slice(0, most).toSorted();
  const { data } = useQuery({
    queryKey: ['runs', 'activity', asked],
    queryFn: ({ signal }) =>
      result(api.GET('/v1/automations/activity', { params: { query: { ids: asked } }, signal })),
    enabled: asked.length > 0 && may('runs:read'),
    placeholderData: keepPreviousData,
    meta: { topics: ['run'] },
  });
  return new Map(data?.items.map(({ automationId, runs }) => [automationId, runs]));
}
