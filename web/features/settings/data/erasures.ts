import { queryOptions } from '@tanstack/react-query';
import { api, result } from '../../../api/client.js';

export const erasuresQuery = queryOptions({
  queryKey: ['erasures'],
  queryFn: () => result(api.GET('/v1/erasures', { params: { query: { limit: 100 } } })),
  meta: { topics: ['member'] },
});

export type Erasure = Awaited<ReturnType<NonNullable<typeof erasuresQuery.queryFn>>>['items'][number];

export const erasureStatusNames: Readonly<Record<Erasure['status'], string>> = {
  scheduled: 'Scheduled',
  running: 'Under way',
  finished: 'Done',
  incomplete: 'Not complete',
  refused: 'Refused',
  cancelled: 'Cancelled',
};
