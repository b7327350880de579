import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { messageOf } from '../../api/api-error.js';
import { api, result } from '../../api/client.js';
import { Button } from '../../components/ui/button.js';
import { Dialog } from '../../components/ui/dialog.js';
import { Field, TextArea } from '../../components/ui/field.js';
import { usePeople } from '../resources/use-people.js';
import type { DraftStore } from './draft-store.js';

/** Publishes what is saved, with a note of what is new. */
export function PublishDialog({ id, store, onClose }: { id: string; store: DraftStore; onClose(): void }) {
  const [note, setNote] = useState('');
  const publish = useMutation({
    mutationFn: async () => {
      await store.flush();
      const body = { note, version: store.version };
      return result(api.POST('/v1/automations/{id}/publish', { params: { path: { id } }, body }));
    },
    onSuccess({ publishedVersion, version }) {
      store.noteVersion(version);
      toast(`Version ${publishedVersion} is published`);
      onClose();
    },
  });
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title="Publish"
      description="Runs that begin from now on go by this version."
    >
      <form
        className="grid gap-4 p-5"
        onSubmit={(event) => {
          event.preventDefault();
          publish.mutate();
        }}
      >
        <Field label="What is new" hint="For those who look at the versions later.">
          {(control) => (
            <TextArea
              {...control}
              autoFocus
              maxLength={1_000}
              value={note}
              onChange={({ target }) => setNote(target.value)}
            />
          )}
        </Field>
        {publish.error && (
          <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-danger">
            {messageOf(publish.error)}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={publish.isPending}>
            Publish
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Says that somebody else saved meanwhile, and lets one choose what counts. */
export function ConflictNotice({ store }: { store: DraftStore }) {
  const people = usePeople();
  const who = people.find(({ id }) => id === store.theirs?.by)?.name ?? 'Somebody else';
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-2 border-line border-b bg-accent-soft px-4 py-2 md:px-6"
    >
      <p className="mr-auto">
        <strong className="font-medium">{who} has saved this draft meanwhile.</strong> Nothing of yours is
        saved until you choose.
      </p>
      <Button size="small" onClick={() => store.takeTheirs()}>
        Load theirs
      </Button>
      <Button size="small" look="primary" onClick={() => store.keepMine()}>
        Keep mine
      </Button>
    </div>
  );
}
