import { useQueryClient } from '@tanstack/react-query';
import { Ticket, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { api, result, secretApi } from '../../api/client.js';
import { CopyField } from '../../components/copy-field.js';
import { Button } from '../../components/ui/button.js';
import { Dialog } from '../../components/ui/dialog.js';
import { Field, Input, Select } from '../../components/ui/field.js';
import { resourceKey, useResource } from '../resources/resource.js';
import { useResourceList } from '../resources/use-resource-list.js';
import { ProblemNote } from '../session/problem-note.js';
import { useApiForm } from '../session/use-api-form.js';
import { useRights } from '../session/use-rights.js';
import { RoleSelect } from './role-select.js';
import { useRoles } from './use-roles.js';

/** Invites by mail, or by a code that several people can use. Nothing for who may not. */
export function InviteButton() {
  const { may, isOn } = useRights();
  const [shown, setShown] = useState<'mail' | 'code' | { code: string }>();
  if (!may('invites:create')) return null;
  const close = () => setShown(undefined);
  return (
    <>
      {isOn('invite_codes') && (
        <Button size="small" onClick={() => setShown('code')}>
          <Ticket aria-hidden />
          Make a code
        </Button>
      )}
      <Button look="primary" size="small" onClick={() => setShown('mail')}>
        <UserPlus aria-hidden />
        Invite
      </Button>
      <Dialog isOpen={shown === 'mail'} onOpenChange={close} title="Invite somebody">
        <InviteForm kind="mail" onDone={close} />
      </Dialog>
      <Dialog
        isOpen={shown === 'code'}
        onOpenChange={close}
        title="Make an invite code"
        description="Whoever has it can join, until it is used up or over."
      >
        <InviteForm kind="code" onDone={(code) => setShown({ code: code ?? '' })} />
      </Dialog>
      <Dialog
        isOpen={typeof shown === 'object'}
        onOpenChange={close}
        title="Copy the code now"
        description="It is shown this once. A newcomer types it at the address below, who has an account under “Join an organization”."
      >
        <div className="p-5 pt-2">
          <CopyField label="Code" value={typeof shown === 'object' ? shown.code : ''} />
          <CopyField label="Where a newcomer uses it" value={`${location.origin}/join`} />
        </div>
      </Dialog>
    </>
  );
}

function InviteForm({ kind, onDone }: { kind: 'mail' | 'code'; onDone(code?: string): void }) {
  const { may } = useRights();
  const client = useQueryClient();
  const member = useRoles().find(({ key }) => key === 'member');
  const form = useApiForm({
    defaultValues: { email: '', roleId: '', departmentId: '', expiresInDays: '7', maxUses: '10' },
  });
  const submit = form.sendBy(async ({ email, maxUses, ...fields }) => {
    const common = {
      roleId: fields.roleId || member?.id || '',
      expiresInDays: Number(fields.expiresInDays),
      ...(fields.departmentId && { departmentId: fields.departmentId }),
    };
    let code: string | undefined;
    if (kind === 'mail') {
      await result(api.POST('/v1/invites', { body: { email, ...common } }));
      toast(`An invite is on its way to ${email}`);
    } else {
      const body = { maxUses: Number(maxUses), ...common };
      ({ code } = await result(secretApi.POST('/v1/invite-codes', { body })));
    }
    await client.invalidateQueries({ queryKey: resourceKey.all('invites') });
    onDone(code);
  });
  return (
    <form onSubmit={submit} className="grid gap-4 p-5 sm:grid-cols-2" noValidate>
      <div className="empty:hidden sm:col-span-2">
        <ProblemNote error={form.problem} />
      </div>
      {kind === 'mail' && (
        <div className="sm:col-span-2">
          <Field label="Email" error={form.errorOf('email')}>
            {(control) => <Input {...control} {...form.register('email')} type="email" autoFocus />}
          </Field>
        </div>
      )}
      <Field label="Role" error={form.errorOf('roleId')}>
        {(control) => (
          <RoleSelect {...control} {...form.register('roleId')} none={member?.name ?? 'Member'} />
        )}
      </Field>
      {may('departments:read') && (
        <Field label="Department" error={form.errorOf('departmentId')}>
          {(control) => <DepartmentSelect {...control} {...form.register('departmentId')} />}
        </Field>
      )}
      <Field label="Good for, in days" error={form.errorOf('expiresInDays')}>
        {(control) => (
          <Input {...control} {...form.register('expiresInDays')} type="number" min={1} max={30} />
        )}
      </Field>
      {kind === 'code' && (
        <Field label="How many people" error={form.errorOf('maxUses')}>
          {(control) => <Input {...control} {...form.register('maxUses')} type="number" min={1} />}
        </Field>
      )}
      <div className="flex justify-end sm:col-span-2">
        <Button type="submit" look="primary" disabled={form.formState.isSubmitting}>
          {kind === 'mail' ? 'Send the invite' : 'Make the code'}
        </Button>
      </div>
    </form>
  );
}

function DepartmentSelect(props: React.ComponentProps<'select'>) {
  const { items } = useResourceList(useResource('departments'), { limit: '200' });
  return (
    <Select {...props}>
      <option value="">None</option>
      {items.map(({ id, name }) => (
        <option key={id} value={id}>
          {String(name)}
        </option>
      ))}
    </Select>
  );
}
