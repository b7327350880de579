import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, result } from '../../api/client.js';
import { useRights } from '../session/use-rights.js';

/** The first hundred roles of the organization: as many as a list to choose from is good for. */
const rolesQuery = queryOptions({
  queryKey: ['role-choices'],
  queryFn: async () =>
    (await result(api.GET('/v1/roles', { params: { query: { limit: 100, sort: 'name' } } }))).items,
  meta: { topics: ['role'] },
});

export type Role = Awaited<ReturnType<NonNullable<typeof rolesQuery.queryFn>>>[number];

/** Roles to choose from. None for those who may not see them. */
export function useRoles(): readonly Role[] {
  const { may } = useRights();
  return useQuery({ ...rolesQuery, enabled: may('roles:read') }).data ?? [];
}
