import { useQuery } from '@tanstack/react-query';
import { ApiError } from '../../api/api-error.js';
import { callOperation } from '../../api/call-operation.js';
import { type Resource, type Row, resourceKey } from './resource.js';

/** One row of a resource, as `Item`, which is what the API's document says of it. */
export function useResourceRow<Item extends Row>({ name, operations, topic }: Resource, id: string) {
  return useQuery({
    queryKey: resourceKey.row(name, id),
    queryFn: async ({ signal }) => {
      if (!operations.get) throw new ApiError('not_found', `Single rows of ${name} can't be read`);
      return (await callOperation(operations.get, { id }, signal)) as Item;
    },
    ...(topic !== null && { meta: { topics: [topic] } }),
  });
}
