import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, result } from '../../api/client.js';
import { followRun } from '../../api/live.js';
import { isOver, type Run, runKey } from './run.js';

/** One run, as it goes on: the API sends it anew after each change until it has ended. */
export function useRun(id: string) {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: runKey.one(id),
    queryFn: ({ signal }) => result(api.GET('/v1/runs/{id}', { params: { path: { id } }, signal })),
    meta: { topics: ['run'] },
  });
  const mayChange = query.data !== undefined && !isOver(query.data);
  useEffect(() => {
    if (!mayChange) return;
    return followRun(id, (sent) => {
      // The stream sends what `runs.get` gives, parsed by the API with the schema that the type was made of.
      client.setQueryData<Run>(runKey.one(id), sent as Run);
      void client.invalidateQueries({ queryKey: runKey.explanation(id) });
      void client.invalidateQueries({ queryKey: ['runs', 'steps', id] });
      void client.invalidateQueries({ queryKey: ['runs', 'attempts', id] });
      void client.invalidateQueries({ queryKey: ['approvals', 'of-run', id] });
    });
  }, [client, id, mayChange]);
  return query;
}

/** Why the run is where it is. Asked for only while that is a question. */
export function useExplanation(run: Run) {
  return useQuery({
    queryKey: runKey.explanation(run.id),
    queryFn: ({ signal }) =>
      result(api.GET('/v1/runs/{id}/explain', { params: { path: { id: run.id } }, signal })),
    enabled: run.status !== 'succeeded' && run.status !== 'cancelled',
    meta: { topics: ['run'] },
  });
}
