import { useQueryClient } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { api, result } from '../../api/client.js';
import { Button } from '../../components/ui/button.js';
import { Dialog } from '../../components/ui/dialog.js';
import { Field, Input, Select } from '../../components/ui/field.js';
import { resourceKey, useResource } from '../resources/resource.js';
import { useResourceList } from '../resources/use-resource-list.js';
import { ProblemNote } from '../session/problem-note.js';
import { useApiForm } from '../session/use-api-form.js';
import { useRights } from '../session/use-rights.js';

/** Invites somebody by mail. Nothing for who may not. */
export function InviteButton() {
  const { may } = useRights();
  const [isOpen, setOpen] = useState(false);
  if (!may('invites:create')) return null;
  return (
    <>
      <Button look="primary" size="small" onClick={() => setOpen(true)}>
        <UserPlus aria-hidden />
        Invite
      </Button>
      <Dialog isOpen={isOpen} onOpenChange={setOpen} title="Invite somebody">
        <InviteForm onSent={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function InviteForm({ onSent }: { onSent(): void }) {
  const client = useQueryClient();
  const roles = useResourceList(useResource('roles'), { limit: '100' });
  const form = useApiForm({ defaultValues: { email: '', roleId: '' } });
  const member = roles.items.find(({ key }) => key === 'member');
  const submit = form.sendBy(async ({ email, roleId }) => {
    await result(api.POST('/v1/invites', { body: { email, roleId: roleId || member?.id || '' } }));
    await client.invalidateQueries({ queryKey: resourceKey.all('invites') });
    toast(`An invite is on its way to ${email}`);
    onSent();
  });
  return (
    <form onSubmit={submit} className="grid gap-4 p-5" noValidate>
      <ProblemNote error={form.problem} />
      <Field label="Email" error={form.errorOf('email')}>
        {(control) => <Input {...control} {...form.register('email')} type="email" autoFocus />}
      </Field>
      <Field label="Role" error={form.errorOf('roleId')}>
        {(control) => (
          <Select key={member?.id} {...control} {...form.register('roleId')}>
            <option value="">{String(member?.name ?? 'Member')}</option>
            {roles.items
              .filter(({ id }) => id !== member?.id)
              .map(({ id, name }) => (
                <option key={id} value={id}>
                  {String(name)}
                </option>
              ))}
          </Select>
        )}
      </Field>
      <div className="flex justify-end">
        <Button type="submit" look="primary" disabled={form.formState.isSubmitting}>
          Send the invite
        </Button>
      </div>
    </form>
  );
}
