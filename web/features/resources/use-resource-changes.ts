import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { ApiError, messageOf } from '../../api/api-error.js';
import { callOperation, type ServedOperation } from '../../api/call-operation.js';
import { type Resource, type Row, resourceKey } from './resource.js';
import type { Pages } from './use-resource-list.js';

/** Changes of rows. What is seen changes at once, and back if the API refuses. */
export function useResourceChanges(resource: Resource, singular: string) {
  const client = useQueryClient();
  const { name, operations } = resource;
  const key = resourceKey.all(name);

  /** Changes what is shown, and gives how to undo that. */
  async function show(change: (rows: Row[]) => Row[]) {
    await client.cancelQueries({ queryKey: key });
    const before = client.getQueriesData({ queryKey: key });
    client.setQueriesData<Pages<Row>>({ queryKey: resourceKey.lists(name) }, (pages) =>
      pages?.pages
        ? { ...pages, pages: pages.pages.map((page) => ({ ...page, items: change(page.items) })) }
        : pages,
    );
    return () => {
      for (const [place, data] of before) client.setQueryData(place, data);
    };
  }

  const settle = () => {
    // While others are under way their rows would jump back; the last one reads anew.
    if (client.isMutating({ mutationKey: key }) <= 1) return client.invalidateQueries({ queryKey: key });
  };
  const fail = (error: unknown, _input: unknown, undo: (() => void) | undefined) => {
    undo?.();
    toast.error(messageOf(error));
  };

  const create = useMutation({
    mutationKey: key,
    mutationFn: async (input: Record<string, unknown>) =>
      (await callOperation(required(operations.create), input)) as Row,
    onSettled: settle,
  });

  const update = useMutation({
    mutationKey: key,
    mutationFn: ({ id, changes }: { id: string; changes: Record<string, unknown> }) =>
      callOperation(required(operations.update), { ...changes, id }),
    onMutate: async ({ id, changes }) => {
      const undo = await show((rows) => rows.map((row) => (row.id === id ? { ...row, ...changes } : row)));
      client.setQueryData<Row>(resourceKey.row(name, id), (row) => row && { ...row, ...changes });
      return undo;
    },
    onError: fail,
    onSettled: settle,
  });

  const restore = useMutation({
    mutationKey: key,
    mutationFn: (id: string) => callOperation(required(operations.restore), { id }),
    onError: (error) => toast.error(messageOf(error)),
    onSettled: settle,
  });

  const remove = useMutation({
    mutationKey: key,
    mutationFn: (id: string) => callOperation(required(operations.delete), { id }),
    onMutate: (id) => show((rows) => rows.filter((row) => row.id !== id)),
    onSuccess(_output, id) {
      toast(`The ${singular} was deleted`, {
        duration: 10_000,
        ...(operations.restore && { action: { label: 'Undo', onClick: () => restore.mutate(id) } }),
      });
    },
    onError: fail,
    onSettled: settle,
  });

  return { create, update, remove, restore };
}

function required(operation: ServedOperation | undefined): ServedOperation {
  if (!operation) throw new ApiError('not_found', 'There is no such operation');
  return operation;
}
