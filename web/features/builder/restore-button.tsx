import { useMutation, useQueryClient } from '@tanstack/react-query';
import { History } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { messageOf } from '../../api/api-error.js';
import { api, result } from '../../api/client.js';
import { Button } from '../../components/ui/button.js';
import { Dialog } from '../../components/ui/dialog.js';
import type { DraftStore } from './draft-store.js';
import { type Automation, keyOf, savedOf } from './use-draft.js';
import { readDiff } from './use-versions.js';

export interface RestoreButtonProps {
  automation: Automation;
  store: DraftStore;
  version: number;
  onRestored(): void;
}

/** Makes a version the draft again: at once, unless the draft has changes that were never published. */
export function RestoreButton({ automation, store, version, onRestored }: RestoreButtonProps) {
  const { id, publishedVersion } = automation;
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const restore = useMutation({
    mutationFn: async ({ isSure }: { isSure: boolean }) => {
      await store.flush();
      if (!isSure && publishedVersion !== null) {
        const { isChanged } = await readDiff(id, publishedVersion, 'draft');
        if (isChanged) return undefined;
      }
      const params = { path: { id, publishedVersion: version } };
      const body = { version: store.version };
      return result(api.POST('/v1/automations/{id}/versions/{publishedVersion}/restore', { params, body }));
    },
    onSuccess(restored) {
      setAsking(restored === undefined);
      if (!restored) return;
      const before = store.draft;
      store.receive(savedOf(restored));
      client.setQueryData(keyOf(id), restored);
      onRestored();
      toast(`The draft is version ${version} again`, {
        duration: 10_000,
        action: {
          label: 'Undo',
          onClick: () => store.change(() => before),
        },
      });
    },
    onError: (error) => toast.error(messageOf(error)),
  });
  return (
    <>
      <Button
        size="small"
        className="justify-self-start"
        disabled={restore.isPending}
        onClick={() => restore.mutate({ isSure: false })}
      >
        <History aria-hidden />
        Restore as draft
      </Button>
      {isAsking && (
        <Dialog
          isOpen
          onOpenChange={() => setAsking(false)}
          title={`Restore version ${version}?`}
          description="The draft has changes that were never published. Version and draft can be brought back by Undo, and the draft is kept."
        >
          <div className="flex justify-end gap-2 p-5">
            <Button onClick={() => setAsking(false)}>Keep the draft</Button>
            <Button look="primary" autoFocus onClick={() => restore.mutate({ isSure: true })}>
              Restore version {version}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
