import { queryOptions } from '@tanstack/react-query';
import { api, result } from '../../../api/client.js';

/** What the organization says of itself. */
export const organizationQuery = queryOptions({
  queryKey: ['organization'],
  queryFn: () => result(api.GET('/v1/organization/settings')),
  meta: { topics: ['organization'] },
});

export type OrganizationSettings = Awaited<ReturnType<NonNullable<typeof organizationQuery.queryFn>>>;
