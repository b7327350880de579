import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { messageOf } from '../../api/api-error.js';

/** A change of settings that shows at once, and goes back if it is refused. `apply` makes the new state of the old one. */
export function useSettingsChange<State, Input>(
  queryKey: QueryKey,
  { send, apply }: { send(input: Input): Promise<unknown>; apply?(state: State, input: Input): State },
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onMutate: async (input: Input) => {
      if (!apply) return undefined;
      await client.cancelQueries({ queryKey });
      const before = client.getQueryData<State>(queryKey);
      if (before !== undefined) client.setQueryData<State>(queryKey, apply(before, input));
      return { before };
    },
    onError: (error, _input, undo) => {
      if (undo) client.setQueryData(queryKey, undo.before);
      toast.error(messageOf(error));
    },
    onSettled: () => client.invalidateQueries({ queryKey }),
  });
}
