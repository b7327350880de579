import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { api, result } from '../../../api/client.js';
import { Button } from '../../../components/ui/button.js';
import { Dialog } from '../../../components/ui/dialog.js';
import { Field, Select } from '../../../components/ui/field.js';
import { usePeople } from '../../resources/use-people.js';
import { ProblemNote } from '../../session/problem-note.js';
import { useApiForm } from '../../session/use-api-form.js';
import { useSession } from '../../session/use-session.js';
import { useConfirmed } from '../confirm-it-is-me.js';
import { SettingsLine } from '../settings-line.js';
import { SettingsSection } from '../settings-section.js';

/** Hands the organization to somebody else. */
export function OwnershipSection() {
  const [isOpen, setOpen] = useState(false);
  return (
    <SettingsSection title="Ownership" text="Owners hold every right, and can't be locked out by others.">
      <SettingsLine
        title="Hand it to somebody else"
        text="They become an owner, and you an admin. They can give it back."
        action={
          <Button size="small" onClick={() => setOpen(true)}>
            Transfer …
          </Button>
        }
      />
      <Dialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title="Transfer the ownership"
        description="From then on you can do what admins can."
      >
        <TransferForm onDone={() => setOpen(false)} />
      </Dialog>
    </SettingsSection>
  );
}

function TransferForm({ onDone }: { onDone(): void }) {
  const client = useQueryClient();
  const session = useSession();
  const confirmed = useConfirmed();
  const people = usePeople().filter(({ id }) => id !== session?.user.id);
  const form = useApiForm({ defaultValues: { userId: '' } });
  const submit = form.sendBy((body) =>
    confirmed.run(async () => {
      await result(api.POST('/v1/organization/transfer-ownership', { body }));
      await client.invalidateQueries();
      toast('The organization has another owner');
      onDone();
    }),
  );
  return (
    <>
      <form onSubmit={submit} className="grid gap-4 p-5" noValidate>
        <ProblemNote error={form.problem} />
        <Field label="New owner" error={form.errorOf('userId')}>
          {(control) => (
            <Select {...control} {...form.register('userId')}>
              <option value="">Choose a member …</option>
              {people.map(({ id, name, email }) => (
                <option key={id} value={id}>
                  {name} ({email})
                </option>
              ))}
            </Select>
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onDone}>Keep it</Button>
          <Button type="submit" look="danger" disabled={form.watch('userId') === ''}>
            Transfer
          </Button>
        </div>
      </form>
      {confirmed.dialog}
    </>
  );
}
