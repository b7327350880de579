import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, result } from '../../api/client.js';
import type { paths } from '../../client/schema.js';

/** What a run asks people to decide. */
export type Approval =
  paths['/v1/approvals']['get']['responses'][200]['content']['application/json']['items'][number];

export interface Decision {
  decision: 'approved' | 'rejected';
  comment?: string;
  fields: Record<string, unknown>;
}

/** Where what was read of approvals is kept. */
export const approvalKey = {
  all: ['approvals'] as const,
  list: (filters: object) => ['approvals', 'list', filters] as const,
  ofRun: (runId: string) => ['approvals', 'of-run', runId] as const,
};

/** Decides an approval. Throws ApiError, whose issues name the fields of its form (`fields.reason`). */
export function useDecide(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Decision) =>
      result(api.POST('/v1/approvals/{id}/decision', { params: { path: { id } }, body })),
    onSettled: () => client.invalidateQueries({ queryKey: approvalKey.all }),
  });
}
