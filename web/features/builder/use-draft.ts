import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { toast } from 'sonner';
import { Draft } from '#core/automation/draft/draft.js';
import { api, result } from '../../api/client.js';
import type { paths } from '../../client/schema.js';
import { DraftStore, type SavedDraft } from './draft-store.js';

export type Automation =
  paths['/v1/automations/{id}']['get']['responses'][200]['content']['application/json'];

export const keyOf = (id: string) => ['automation', id] as const;

/** The automation, read anew when somebody changes it. */
export function useAutomation(id: string) {
  return useQuery({
    queryKey: keyOf(id),
    queryFn: () => readAutomation(id),
    meta: { topics: ['automation'] },
  });
}

/** The draft of an automation, which saves itself. */
export function useDraft(automation: Automation) {
  const client = useQueryClient();
  const { id } = automation;
  const [store] = useState(
    () =>
      new DraftStore(savedOf(automation), {
        async save(draft, version) {
          const body = { draft: { ...draft }, version, ...nameOf(draft) };
          const saved = await result(api.PATCH('/v1/automations/{id}', { params: { path: { id } }, body }));
          client.setQueryData(keyOf(id), saved);
          return { ...savedOf(saved), draft };
        },
        read: async () => savedOf(await readAutomation(id)),
      }),
  );
  const state = useSyncExternalStore(store.subscribe, store.state);
  useEffect(() => {
    if (store.receive(savedOf(automation))) toast('Somebody else has changed the draft');
  }, [store, automation]);
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (store.state().saving !== 'saved') event.preventDefault();
    };
    const saveAgain = () => void store.flush().catch(() => {});
    addEventListener('beforeunload', warn);
    addEventListener('online', saveAgain);
    return () => {
      removeEventListener('beforeunload', warn);
      removeEventListener('online', saveAgain);
      void store.flush().catch(() => {});
    };
  }, [store]);
  return { store, state };
}

function readAutomation(id: string): Promise<Automation> {
  return result(api.GET('/v1/automations/{id}', { params: { path: { id } } }));
}

/** The automation is called what its draft is called, unless that is no name. */
function nameOf({ name }: Draft): { name?: string } {
  const named = name.trim();
  return named === '' || named.length > 200 ? {} : { name: named };
}

/** Throws for a draft that is no graph at all. */
export function savedOf({ name, draft, version, updatedBy }: Automation): SavedDraft {
  // Who gives an automation another name from elsewhere does not write its draft.
  return { draft: { ...Draft.parse(draft ?? {}), name }, version, by: updatedBy };
}
