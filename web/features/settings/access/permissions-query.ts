import { queryOptions } from '@tanstack/react-query';
import { api, result } from '../../../api/client.js';

/** Every permission, by what it is about; those that the person holds, and so may give, are marked. */
export const permissionsQuery = queryOptions({
  queryKey: ['permissions'],
  queryFn: () => result(api.GET('/v1/permissions')),
  meta: { topics: ['role', 'member'] },
});

export type PermissionGroup = Awaited<
  ReturnType<NonNullable<typeof permissionsQuery.queryFn>>
>['items'][number];
