import { notifyManager, useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { messageOf } from '../../api/api-error.js';
import { api, result } from '../../api/client.js';
import { resourceKey } from '../resources/resource.js';
import type { ListRequest, Pages } from '../resources/use-resource-list.js';
import { moveInPages, type TaskMove } from './move-in-pages.js';
import type { Task } from './task.js';

/** Moves tasks on the board: at once to the eye, and back if the API refuses. */
export function useMoveTask() {
  const client = useQueryClient();
  const key = resourceKey.all('tasks');
  return useMutation({
    mutationKey: key,
    // Moves follow one another, or the second might name a neighbour that the first has not put there yet.
    scope: { id: 'tasks.move' },
    mutationFn: ({ id, ...body }: TaskMove) =>
      result(api.POST('/v1/tasks/{id}/move', { params: { path: { id } }, body })),
    onMutate: async (move) => {
      await client.cancelQueries({ queryKey: key });
      const before = client.getQueriesData<Pages<Task>>({ queryKey: resourceKey.lists('tasks') });
      const task = before
        .flatMap(([, data]) => data?.pages ?? [])
        .flatMap(({ items }) => items)
        .find(({ id }) => id === move.id);
      if (!task) return before;
      // All at once, so that no picture is drawn in which it is in two columns or in none.
      notifyManager.batch(() => {
        for (const [place, pages] of before) {
          if (pages?.pages) client.setQueryData(place, moveInPages(pages, requestOf(place), task, move));
        }
      });
      return before;
    },
    onError: (error, _move, before) => {
      for (const [place, data] of before ?? []) client.setQueryData(place, data);
      toast.error(messageOf(error));
    },
    onSettled: () => {
      if (client.isMutating({ mutationKey: key }) <= 1) return client.invalidateQueries({ queryKey: key });
    },
  });
}

/** What a list was asked for, which is the last part of its key. */
function requestOf(place: readonly unknown[]): ListRequest {
  const last = place.at(-1);
  return typeof last === 'object' && last !== null ? { ...last } : {};
}
