import { queryOptions } from '@tanstack/react-query';
import { api, result } from '../../api/client.js';
import type { paths } from '../../client/schema.js';

export type Tenant =
  paths['/v1/platform/organizations/{organizationId}']['get']['responses'][200]['content']['application/json'];

export type ListedTenant =
  paths['/v1/platform/organizations']['get']['responses'][200]['content']['application/json']['items'][number];

/** One organization, as the platform sees it: no business data. */
export function tenantQuery(organizationId: string) {
  return queryOptions({
    queryKey: ['platform', 'tenant', organizationId],
    queryFn: () =>
      result(
        api.GET('/v1/platform/organizations/{organizationId}', { params: { path: { organizationId } } }),
      ),
  });
}
