import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { messageOf } from '../../api/api-error.js';
import { api, result } from '../../api/client.js';
import { resourceKey } from '../resources/resource.js';
import type { Pages } from '../resources/use-resource-list.js';
import type { Automation } from './automation.js';

export type AutomationVerb = 'pause' | 'resume' | 'delete' | 'restore';

const opposite: Readonly<Record<AutomationVerb, AutomationVerb>> = {
  pause: 'resume',
  resume: 'pause',
  delete: 'restore',
  restore: 'delete',
};
const told: Readonly<Record<AutomationVerb, string>> = {
  pause: 'paused',
  resume: 'active again',
  delete: 'deleted',
  restore: 'back',
};

/** So many of several are changed side by side. */
const atOnce = 6;

interface Change {
  verb: AutomationVerb;
  /** One, or several at once. */
  targets: readonly Pick<Automation, 'id' | 'name'>[];
  /** Set where it takes another change back, so that no way back from it is offered. */
  isUndo?: boolean;
}

/** Pauses, resumes, deletes and restores automations: seen at once, back if the API refuses, each with a way back. */
export function useAutomationChanges() {
  const client = useQueryClient();
  const key = resourceKey.all('automations');
  const change = useMutation({
    mutationKey: key,
    mutationFn: async ({ verb, targets }: Change) => {
      const failed = await failuresOf(verb, targets);
      const [first] = failed;
      if (!first) return;
      if (failed.length === targets.length) throw first;
      toast.error(`${failed.length} of ${targets.length}: ${messageOf(first)}`);
    },
    onMutate: async ({ verb, targets }) => {
      await client.cancelQueries({ queryKey: key });
      const before = client.getQueriesData({ queryKey: key });
      const ids = new Set(targets.map(({ id }) => id));
      const seen = (rows: Automation[]) => {
        const isInList = ({ deletedAt }: Automation) => (deletedAt === null) === (verb !== 'restore');
        if (verb === 'delete' || verb === 'restore')
          return rows.filter((row) => !ids.has(row.id) || !isInList(row));
        const status = verb === 'pause' ? ('paused' as const) : ('active' as const);
        return rows.map((row) => (ids.has(row.id) ? { ...row, status } : row));
      };
      client.setQueriesData<Pages<Automation>>({ queryKey: resourceKey.lists('automations') }, (pages) =>
        pages?.pages
          ? { ...pages, pages: pages.pages.map((page) => ({ ...page, items: seen(page.items) })) }
          : pages,
      );
      return before;
    },
    onSuccess: (_nothing, { verb, targets, isUndo }) => {
      const [first] = targets;
      const subject =
        targets.length === 1 && first ? `“${first.name}” is` : `${targets.length} automations are`;
      const undo = () => change.mutate({ verb: opposite[verb], targets, isUndo: true });
      toast(`${subject} ${told[verb]}`, {
        duration: 10_000,
        ...(!isUndo && { action: { label: 'Undo', onClick: undo } }),
      });
    },
    onError: (error, _change, before) => {
      for (const [place, data] of before ?? []) client.setQueryData(place, data);
      toast.error(messageOf(error));
    },
    onSettled: () => {
      if (client.isMutating({ mutationKey: key }) <= 1) return client.invalidateQueries({ queryKey: key });
    },
  });
  return change.mutate;
}

/** Sends a few at a time. Gives what has gone wrong. */
async function failuresOf(verb: AutomationVerb, targets: Change['targets']): Promise<unknown[]> {
  const failed: unknown[] = [];
  for (let start = 0; start < targets.length; start += atOnce) {
    const some = targets.slice(start, start + atOnce);
    const settled = await Promise.allSettled(some.map(({ id }) => send(verb, id)));
    failed.push(...settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : [])));
  }
  return failed;
}

function send(verb: AutomationVerb, id: string): Promise<unknown> {
  const options = { params: { path: { id } } };
  switch (verb) {
    case 'pause':
      return result(api.POST('/v1/automations/{id}/pause', options));
    case 'resume':
      return result(api.POST('/v1/automations/{id}/resume', options));
    case 'delete':
      return result<unknown>(api.DELETE('/v1/automations/{id}', options));
    case 'restore':
      return result(api.POST('/v1/automations/{id}/restore', options));
  }
}
