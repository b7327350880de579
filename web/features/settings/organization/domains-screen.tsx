import { queryOptions, useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Globe } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { messageOf } from '../../../api/api-error.js';
import { api, result } from '../../../api/client.js';
import { CopyField } from '../../../components/copy-field.js';
import { Button } from '../../../components/ui/button.js';
import { ConfirmDialog } from '../../../components/ui/confirm-dialog.js';
import { Field, Input } from '../../../components/ui/field.js';
import { Badge, EmptyState } from '../../../components/ui/states.js';
import { ProblemNote } from '../../session/problem-note.js';
import { useApiForm } from '../../session/use-api-form.js';
import { useRights } from '../../session/use-rights.js';
import { RoleSelect } from '../role-select.js';
import { SettingsScreen } from '../settings-screen.js';
import { SettingsSection } from '../settings-section.js';

const domainsQuery = queryOptions({
  queryKey: ['domains'],
  queryFn: () => result(api.GET('/v1/organization/domains', { params: { query: { limit: 200 } } })),
});

type CompanyDomain = Awaited<ReturnType<NonNullable<typeof domainsQuery.queryFn>>>['items'][number];

/** Domains of the company: proven by a record, they let people join and sign in by the company's provider. */
export function DomainsScreen() {
  const { data } = useSuspenseQuery(domainsQuery);
  const { may } = useRights();
  const isReadOnly = !may('organization:update');
  return (
    <SettingsScreen
      title="Domains"
      lead="Prove that a domain is yours, and people with an address of it can join by themselves, or sign in by your identity provider."
    >
      {!isReadOnly && <AddDomain />}
      {data.items.length === 0 && (
        <EmptyState icon={Globe} title="No domains yet">
          Add the one behind the @ of your company’s addresses.
        </EmptyState>
      )}
      {data.items.map((domain) => (
        <DomainSection key={domain.id} domain={domain} isReadOnly={isReadOnly} />
      ))}
    </SettingsScreen>
  );
}

function AddDomain() {
  const client = useQueryClient();
  const form = useApiForm({ defaultValues: { domain: '' } });
  const submit = form.sendBy(async (body) => {
    await result(api.POST('/v1/organization/domains', { body }));
    form.reset();
    await client.invalidateQueries({ queryKey: domainsQuery.queryKey });
  });
  return (
    <form onSubmit={submit} className="grid gap-3" noValidate>
      <ProblemNote error={form.problem} />
      <div className="flex items-start gap-2">
        <div className="flex-1">
          <Field label="Add a domain" error={form.errorOf('domain')}>
            {(control) => (
              <Input {...control} {...form.register('domain')} placeholder="example.com" autoComplete="off" />
            )}
          </Field>
        </div>
        <Button type="submit" className="mt-6.5 h-9" disabled={form.formState.isSubmitting}>
          Add
        </Button>
      </div>
    </form>
  );
}

function DomainSection({
  domain: { id, domain, verifiedAt, joinRoleId, record },
  isReadOnly,
}: {
  domain: CompanyDomain;
  isReadOnly: boolean;
}) {
  const client = useQueryClient();
  const [isRemoving, setRemoving] = useState(false);
  const path = { params: { path: { id } } };
  const settled = {
    onError: (error: unknown) => void toast.error(messageOf(error)),
    onSettled: () => client.invalidateQueries({ queryKey: domainsQuery.queryKey }),
  };
  const check = useMutation({
    mutationFn: () => result(api.POST('/v1/organization/domains/{id}/check', path)),
    onSuccess: (checked) =>
      checked?.verifiedAt
        ? toast(`${domain} is yours`)
        : toast('The record is not there yet. Names take up to an hour to spread.'),
    ...settled,
  });
  const setRole = useMutation({
    mutationFn: (roleId: string) =>
      result(api.PATCH('/v1/organization/domains/{id}', { ...path, body: { joinRoleId: roleId || null } })),
    onSuccess: () => toast('Saved'),
    ...settled,
  });
  const remove = useMutation({
    mutationFn: () => result<unknown>(api.DELETE('/v1/organization/domains/{id}', path)),
    ...settled,
  });
  return (
    <SettingsSection
      title={domain}
      action={
        <span className="flex items-center gap-2">
          <Badge>{verifiedAt === null ? 'Not proven yet' : 'Proven'}</Badge>
          {!isReadOnly && (
            <Button size="small" look="danger" onClick={() => setRemoving(true)}>
              Remove
            </Button>
          )}
        </span>
      }
    >
      {verifiedAt === null ? (
        <div className="grid gap-1 py-2">
          <p className="text-soft">
            Add this {record.type} record where the domain’s names are managed, then check.
          </p>
          <CopyField label="Name" value={record.name} />
          <CopyField label="Value" value={record.value} />
          {!isReadOnly && (
            <div className="py-2">
              <Button look="primary" onClick={() => check.mutate()} disabled={check.isPending}>
                {check.isPending ? 'Checking …' : 'Check the record'}
              </Button>
            </div>
          )}
        </div>
      ) : (
        <div className="py-3">
          <Field
            label="Whoever has an address of it"
            hint="Only those who have confirmed their address. They find the organization under “Join an organization”."
          >
            {(control) => (
              <RoleSelect
                {...control}
                none="may not join by themselves"
                disabled={isReadOnly}
                defaultValue={joinRoleId ?? ''}
                onChange={({ target }) => setRole.mutate(target.value)}
              />
            )}
          </Field>
        </div>
      )}
      {isRemoving && (
        <ConfirmDialog
          title={`Remove ${domain}?`}
          text="Nobody joins by it any more, and providers that count on it let nobody in. You can prove it again."
          verb="Remove it"
          onConfirm={() => remove.mutate()}
          onClose={() => setRemoving(false)}
        />
      )}
    </SettingsSection>
  );
}
