import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { toast } from 'sonner';
import { Draft } from '#core/automation/draft/draft.js';
import { api, result } from '../../api/client.js';
import type { paths } from '../../client/schema.js';
import { DraftStore, type SavedDraft } from './draft-store.js';

export type Automation =
  paths['/v1/automations/{id}']['get']['responses'][200]['content']['application/json'];

const keyOf = (id: string) => ['automation', id] as const;

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
          const body = { draft: { ...draft }, version };
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
    addEventListener('beforeunload', warn);
    return () => {
      removeEventListener('beforeunload', warn);
      void store.flush().catch(() => {});
    };
  }, [store]);
  return { store, state };
}

function readAutomation(id: string): Promise<Automation> {
  return result(api.GET('/v1/automations/{id}', { params: { path: { id } } }));
}

/** Throws for a draft that is no graph at all. */
function savedOf({ name, draft, version, updatedBy }: Automation): SavedDraft {
  const parsed = Draft.parse(draft ?? {});
  return { draft: parsed.name === '' ? { ...parsed, name } : parsed, version, by: updatedBy };
}
