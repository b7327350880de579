import { queryOptions, useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { LifeBuoy, Plus } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { messageOf } from '../../../api/api-error.js';
import { api, result } from '../../../api/client.js';
import { Button } from '../../../components/ui/button.js';
import { Dialog } from '../../../components/ui/dialog.js';
import { Field, Input, Select } from '../../../components/ui/field.js';
import { Badge, EmptyState } from '../../../components/ui/states.js';
import { wholeMomentText } from '../../resources/moments.js';
import { usePeople } from '../../resources/use-people.js';
import { ProblemNote } from '../../session/problem-note.js';
import { useApiForm } from '../../session/use-api-form.js';
import { useRights } from '../../session/use-rights.js';
import { useConfirmed } from '../confirm-it-is-me.js';
import { RoleSelect } from '../role-select.js';
import { SettingsLine } from '../settings-line.js';
import { SettingsScreen } from '../settings-screen.js';
import { SettingsSection } from '../settings-section.js';

const grantsQuery = queryOptions({
  queryKey: ['support-access'],
  queryFn: () => result(api.GET('/v1/support-access', { params: { query: { limit: 100 } } })),
  meta: { topics: ['security'] },
});

const statusNames = { open: 'Open', expired: 'Over', revoked: 'Ended' } as const;
const durations = [1, 4, 24, 72] as const;

/** Whom of the platform's people the organization lets in, for what and how long. */
export function SupportAccessScreen() {
  const client = useQueryClient();
  const { data } = useSuspenseQuery(grantsQuery);
  const { may } = useRights();
  const people = usePeople();
  const [isOpen, setOpen] = useState(false);
  const readAnew = () => client.invalidateQueries({ queryKey: grantsQuery.queryKey });
  const revoke = useMutation({
    mutationFn: (id: string) =>
      result(api.POST('/v1/support-access/{id}/revoke', { params: { path: { id } } })),
    onSuccess: () => toast('Support is out'),
    onError: (error) => toast.error(messageOf(error)),
    onSettled: readAnew,
  });
  const button = may('support_access:grant') && (
    <Button size="small" look="primary" onClick={() => setOpen(true)}>
      <Plus aria-hidden />
      Let support in
    </Button>
  );
  const nameOf = (id: string) => people.find((person) => person.id === id)?.name ?? 'a former member';
  return (
    <SettingsScreen title="Support access" actions={data.items.length > 0 && button}>
      {data.items.length === 0 ? (
        <EmptyState icon={LifeBuoy} title="Support has no access" action={button}>
          Nobody of the platform can look into this organization unless you let them, for a reason and a time.
        </EmptyState>
      ) : (
        <SettingsSection title="Who was let in" text="All that support does is in the audit log.">
          {data.items.map(({ id, reason, role, status, grantedBy, expiresAt, revokedAt, visits }) => (
            <SettingsLine
              key={id}
              title={reason}
              text={[
                role === null ? 'read only' : `as ${role.key}`,
                `let in by ${nameOf(grantedBy)}`,
                `${revokedAt ? 'ended' : 'until'} ${wholeMomentText(revokedAt ?? expiresAt)}`,
                visits === 1 ? '1 visit' : `${visits} visits`,
              ].join(' · ')}
              action={
                <>
                  <Badge>{statusNames[status]}</Badge>
                  {status === 'open' && may('support_access:revoke') && (
                    <Button size="small" look="danger" onClick={() => revoke.mutate(id)}>
                      End it
                    </Button>
                  )}
                </>
              }
            />
          ))}
        </SettingsSection>
      )}
      <Dialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title="Let support in"
        description="They never reach keys, providers, exports, members or settings."
      >
        <GrantForm
          onDone={async () => {
            await readAnew();
            setOpen(false);
          }}
        />
      </Dialog>
    </SettingsScreen>
  );
}

function GrantForm({ onDone }: { onDone(): Promise<void> }) {
  const confirmed = useConfirmed();
  const form = useApiForm({ defaultValues: { reason: '', roleId: '', hours: '4' } });
  const submit = form.sendBy(({ reason, roleId, hours }) =>
    confirmed.run(async () => {
      const body = { reason, hours: Number(hours), ...(roleId && { roleId }) };
      await result(api.POST('/v1/support-access', { body }));
      await onDone();
    }),
  );
  return (
    <>
      <form onSubmit={submit} className="grid gap-4 p-5 sm:grid-cols-2" noValidate>
        <div className="empty:hidden sm:col-span-2">
          <ProblemNote error={form.problem} />
        </div>
        <div className="sm:col-span-2">
          <Field label="What for" error={form.errorOf('reason')}>
            {(control) => <Input {...control} {...form.register('reason')} autoFocus autoComplete="off" />}
          </Field>
        </div>
        <Field label="What they may do" error={form.errorOf('roleId')}>
          {(control) => <RoleSelect {...control} {...form.register('roleId')} none="Read only" />}
        </Field>
        <Field label="How long" error={form.errorOf('hours')}>
          {(control) => (
            <Select {...control} {...form.register('hours')}>
              {durations.map((hours) => (
                <option key={hours} value={hours}>
                  {hours === 1 ? '1 hour' : `${hours} hours`}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <div className="flex justify-end sm:col-span-2">
          <Button type="submit" look="primary" disabled={form.formState.isSubmitting}>
            Let them in
          </Button>
        </div>
      </form>
      {confirmed.dialog}
    </>
  );
}
