import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, result } from '../../api/client.js';
import { useRights } from '../session/use-rights.js';

/** The first two hundred active people: as many as a list to choose from is good for. */
const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: async () => {
    const query = { limit: 200, sort: 'name', status: 'active' } as const;
    return (await result(api.GET('/v1/members', { params: { query } }))).items;
  },
  meta: { topics: ['member'] },
});

export interface Person {
  id: string;
  name: string;
  email: string;
}

/** People of the organization, by the id of the user. None for those who may not see them. */
export function usePeople(): readonly Person[] {
  const { may } = useRights();
  const { data = [] } = useQuery({ ...peopleQuery, enabled: may('members:read') });
  return data.map(({ userId, name, email }) => ({ id: userId, name, email }));
}
