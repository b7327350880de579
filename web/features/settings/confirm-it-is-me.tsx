import { useState } from 'react';
import { ApiError } from '../../api/api-error.js';
import { result, secretApi } from '../../api/client.js';
import { Button } from '../../components/ui/button.js';
import { Dialog } from '../../components/ui/dialog.js';
import { Field, Input } from '../../components/ui/field.js';
import { provePasskey } from '../session/passkey-sign-in.js';
import { ProblemNote } from '../session/problem-note.js';
import { useApiForm } from '../session/use-api-form.js';

type Work = () => Promise<void>;

/** Does what asks for a recent proof: where the last one is too old, the person is asked for another first. */
export function useConfirmed() {
  const [waiting, setWaiting] = useState<Work>();
  const run = async (work: Work) => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'step_up_required') throw error;
      setWaiting(() => work);
    }
  };
  const dialog = waiting && (
    <ConfirmDialog
      onClose={() => setWaiting(undefined)}
      onConfirmed={async () => {
        await waiting();
        setWaiting(undefined);
      }}
    />
  );
  return { run, dialog };
}

function ConfirmDialog({ onClose, onConfirmed }: { onClose(): void; onConfirmed: Work }) {
  const form = useApiForm({ defaultValues: { password: '' } });
  const confirm = async (
    proof: { password: string } | { passkey: Awaited<ReturnType<typeof provePasskey>> },
  ) => {
    await result(secretApi.POST('/v1/me/confirm', { body: proof }));
    await onConfirmed();
  };
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Confirm that it is you"
      description="What you are about to do needs a proof that is not older than ten minutes."
    >
      <form onSubmit={form.sendBy(confirm)} className="grid gap-4 p-5" noValidate>
        <ProblemNote error={form.problem} />
        <Field label="Password" error={form.errorOf('password')}>
          {(control) => (
            <Input
              {...control}
              {...form.register('password')}
              type="password"
              autoComplete="current-password"
              autoFocus
            />
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={form.sendBy(async () => confirm({ passkey: await provePasskey() }))}>
            Use a passkey
          </Button>
          <Button type="submit" look="primary" disabled={form.formState.isSubmitting}>
            Confirm
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
