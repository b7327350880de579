import { queryOptions, useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { messageOf } from '../../../api/api-error.js';
import { api, result, secretApi } from '../../../api/client.js';
import { CopyField } from '../../../components/copy-field.js';
import { Button } from '../../../components/ui/button.js';
import { ConfirmDialog } from '../../../components/ui/confirm-dialog.js';
import { Dialog } from '../../../components/ui/dialog.js';
import { Field, Input } from '../../../components/ui/field.js';
import { Badge } from '../../../components/ui/states.js';
import { momentText } from '../../resources/moments.js';
import { ProblemNote } from '../../session/problem-note.js';
import { useApiForm } from '../../session/use-api-form.js';
import { useRights } from '../../session/use-rights.js';
import { useConfirmed } from '../confirm-it-is-me.js';
import { RoleSelect } from '../role-select.js';
import { SettingsLine } from '../settings-line.js';
import { SettingsScreen } from '../settings-screen.js';
import { SettingsSection } from '../settings-section.js';

const tokensQuery = queryOptions({
  queryKey: ['scim-tokens'],
  queryFn: () => result(api.GET('/v1/scim-tokens', { params: { query: { limit: 100 } } })),
});
const groupsQuery = queryOptions({
  queryKey: ['scim-groups'],
  queryFn: () => result(api.GET('/v1/scim-groups', { params: { query: { limit: 200 } } })),
});

/** SCIM: the identity provider makes, changes and lets go the people of the organization. */
export function ProvisioningScreen() {
  const { may } = useRights();
  return (
    <SettingsScreen
      title="Provisioning"
      lead="Your identity provider makes people members, keeps their names up to date and lets them go, by SCIM 2.0."
    >
      <SettingsSection title="What the provider needs">
        <CopyField label="Base address" value={`${location.origin}/scim/v2`} />
      </SettingsSection>
      <Tokens />
      {may('scim_groups:read') && <Groups />}
    </SettingsScreen>
  );
}

function Tokens() {
  const client = useQueryClient();
  const { data } = useSuspenseQuery(tokensQuery);
  const { may } = useRights();
  const confirmed = useConfirmed();
  const [shown, setShown] = useState<'form' | { token: string }>();
  const [revoking, setRevoking] = useState<{ id: string; name: string }>();
  const readAnew = () => client.invalidateQueries({ queryKey: tokensQuery.queryKey });
  const rotate = (id: string) =>
    confirmed
      .run(async () => {
        const path = { params: { path: { id } } };
        const { token } = await result(
          secretApi.POST('/v1/scim-tokens/{id}/rotate', { ...path, body: { overlapHours: 24 } }),
        );
        await readAnew();
        setShown({ token });
      })
      .catch((error: unknown) => toast.error(messageOf(error)));
  const revoke = useMutation({
    mutationFn: (id: string) => result(api.DELETE('/v1/scim-tokens/{id}', { params: { path: { id } } })),
    onSuccess: () => toast('The provider has no access by it any more'),
    onError: (error) => toast.error(messageOf(error)),
    onSettled: readAnew,
  });
  return (
    <SettingsSection
      title="Tokens"
      text="By which the provider proves itself. Each is shown once."
      action={
        may('scim_tokens:create') && (
          <Button size="small" look="primary" onClick={() => setShown('form')}>
            <Plus aria-hidden />
            New token
          </Button>
        )
      }
    >
      {data.items.length === 0 && <p className="py-2.5 text-soft">None yet</p>}
      {data.items.map(({ id, name, prefix, lastUsedAt, revokedAt }) => (
        <SettingsLine
          key={id}
          title={name}
          text={
            <>
              <code>{prefix}…</code> ·{' '}
              {lastUsedAt === null ? 'never used' : `last sync ${momentText(lastUsedAt)}`}
            </>
          }
          action={
            revokedAt !== null ? (
              <Badge>Revoked</Badge>
            ) : (
              <>
                {may('scim_tokens:create') && (
                  <Button size="small" onClick={() => void rotate(id)}>
                    Replace
                  </Button>
                )}
                {may('scim_tokens:delete') && (
                  <Button size="small" look="danger" onClick={() => setRevoking({ id, name })}>
                    Revoke
                  </Button>
                )}
              </>
            )
          }
        />
      ))}
      <Dialog
        isOpen={shown !== undefined}
        onOpenChange={(isOpen) => !isOpen && setShown(undefined)}
        title={shown === 'form' ? 'New token' : 'Copy the token now'}
        {...(typeof shown === 'object' && {
          description: 'It is shown this once, and kept nowhere. One that it replaces works for another day.',
        })}
      >
        {shown === 'form' && (
          <TokenForm
            run={confirmed.run}
            onMade={async (token) => {
              await readAnew();
              setShown({ token });
            }}
          />
        )}
        {typeof shown === 'object' && (
          <div className="p-5 pt-2">
            <CopyField label="Token" value={shown.token} />
          </div>
        )}
      </Dialog>
      {revoking && (
        <ConfirmDialog
          title={`Revoke ${revoking.name}?`}
          text="The provider that uses it can change nobody any more, at once and for good."
          verb="Revoke it"
          onConfirm={() => revoke.mutate(revoking.id)}
          onClose={() => setRevoking(undefined)}
        />
      )}
      {confirmed.dialog}
    </SettingsSection>
  );
}

function TokenForm({
  run,
  onMade,
}: {
  run(work: () => Promise<void>): Promise<void>;
  onMade(token: string): Promise<void>;
}) {
  const form = useApiForm({ defaultValues: { name: '' } });
  const submit = form.sendBy((body) =>
    run(async () => {
      const { token } = await result(secretApi.POST('/v1/scim-tokens', { body }));
      await onMade(token);
    }),
  );
  return (
    <form onSubmit={submit} className="grid gap-4 p-5" noValidate>
      <ProblemNote error={form.problem} />
      <Field label="Name" hint="Such as the provider’s" error={form.errorOf('name')}>
        {(control) => <Input {...control} {...form.register('name')} autoFocus autoComplete="off" />}
      </Field>
      <div className="flex justify-end">
        <Button type="submit" look="primary" disabled={form.formState.isSubmitting}>
          Create token
        </Button>
      </div>
    </form>
  );
}

function Groups() {
  const client = useQueryClient();
  const { data } = useSuspenseQuery(groupsQuery);
  const { may } = useRights();
  const confirmed = useConfirmed();
  const map = (id: string, roleId: string) =>
    confirmed
      .run(async () => {
        const path = { params: { path: { id } } };
        await result(api.POST('/v1/scim-groups/{id}/map', { ...path, body: { roleId: roleId || null } }));
        toast('Saved');
      })
      .catch((error: unknown) => toast.error(messageOf(error)))
      .finally(() => client.invalidateQueries({ queryKey: groupsQuery.queryKey }));
  return (
    <SettingsSection
      title="Groups"
      text="A group of the provider can give its people a role. Of several the one higher up decides."
    >
      {data.items.length === 0 && <p className="py-2.5 text-soft">The provider has sent none yet</p>}
      {data.items.map(({ id, displayName, roleId }) => (
        <SettingsLine
          key={id}
          title={displayName}
          action={
            <RoleSelect
              aria-label={`Role of ${displayName}`}
              className="w-48"
              none="Gives no role"
              defaultValue={roleId ?? ''}
              disabled={!may('scim_groups:update')}
              onChange={({ target }) => void map(id, target.value)}
            />
          }
        />
      ))}
      {confirmed.dialog}
    </SettingsSection>
  );
}
