import { useQueryClient } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useFieldArray } from 'react-hook-form';
import { toast } from 'sonner';
import { result, secretApi } from '../../../api/client.js';
import { Button } from '../../../components/ui/button.js';
import { Dialog } from '../../../components/ui/dialog.js';
import { Field, Input, TextArea } from '../../../components/ui/field.js';
import { Tabs } from '../../../components/ui/tabs.js';
import { ProblemNote } from '../../session/problem-note.js';
import { useApiForm } from '../../session/use-api-form.js';
import { useConfirmed } from '../confirm-it-is-me.js';
import { RoleSelect } from '../role-select.js';
import type { SsoConnection } from './sso-screen.js';

type Kind = SsoConnection['kind'];

const kinds = [
  { value: 'oidc', label: 'OpenID Connect' },
  { value: 'saml', label: 'SAML 2.0' },
] as const;

/** Connects a provider, or changes one that is connected. */
export function SsoDialog({ shown, onClose }: { shown: SsoConnection | 'new' | undefined; onClose(): void }) {
  const [kind, setKind] = useState<Kind>('oidc');
  const connection = typeof shown === 'object' ? shown : undefined;
  return (
    <Dialog
      isOpen={shown !== undefined}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={connection ? `Edit ${connection.name}` : 'Connect a provider'}
      className="max-w-xl"
    >
      {!connection && (
        <div className="flex px-5 pt-3">
          <Tabs<Kind> label="Protocol" tabs={kinds} chosen={kind} onChoose={setKind} />
        </div>
      )}
      <SsoForm
        key={connection?.id ?? kind}
        kind={connection?.kind ?? kind}
        connection={connection}
        onDone={onClose}
      />
    </Dialog>
  );
}

function SsoForm({
  kind,
  connection,
  onDone,
}: {
  kind: Kind;
  connection: SsoConnection | undefined;
  onDone(): void;
}) {
  const client = useQueryClient();
  const confirmed = useConfirmed();
  const form = useApiForm({ defaultValues: valuesOf(connection) });
  const mapping = useFieldArray({ control: form.control, name: 'roleMapping' });
  const submit = form.sendBy((values) =>
    confirmed.run(async () => {
      const body = bodyOf(kind, values);
      if (connection) {
        const { id, version } = connection;
        const path = { params: { path: { id } } };
        await result(secretApi.PATCH('/v1/sso-connections/{id}', { ...path, body: { ...body, version } }));
      } else {
        await result(secretApi.POST('/v1/sso-connections', { body: { ...body, kind } }));
      }
      await client.invalidateQueries({ queryKey: ['sso-connections'] });
      toast(connection ? 'Saved' : 'Connected. Copy the addresses to the provider, then test it.');
      onDone();
    }),
  );
  const check = (name: 'createsMembers' | 'updatesRoles' | 'isEnforced' | 'isActive', text: string) => (
    <label className="flex items-start gap-2">
      <input type="checkbox" {...form.register(name)} className="mt-0.5 size-4 accent-accent" />
      {text}
    </label>
  );
  return (
    <>
      <form onSubmit={submit} className="grid gap-4 p-5 sm:grid-cols-2" noValidate>
        <div className="empty:hidden sm:col-span-2">
          <ProblemNote error={form.problem} />
        </div>
        <Field label="Name" hint="People see it when they sign in" error={form.errorOf('name')}>
          {(control) => <Input {...control} {...form.register('name')} autoFocus autoComplete="off" />}
        </Field>
        <Field
          label={kind === 'oidc' ? 'Issuer' : 'Entity ID of the provider'}
          error={form.errorOf('issuer')}
        >
          {(control) => <Input {...control} {...form.register('issuer')} placeholder="https://" />}
        </Field>
        {kind === 'oidc' ? (
          <>
            <Field label="Client ID" error={form.errorOf('clientId')}>
              {(control) => <Input {...control} {...form.register('clientId')} autoComplete="off" />}
            </Field>
            <Field
              label="Client secret"
              error={form.errorOf('clientSecret')}
              hint={connection ? 'Empty: as it is' : 'Kept sealed, never shown again'}
            >
              {(control) => (
                <Input {...control} {...form.register('clientSecret')} type="password" autoComplete="off" />
              )}
            </Field>
          </>
        ) : (
          <>
            <div className="sm:col-span-2">
              <Field label="Sign-in address (SSO URL)" error={form.errorOf('ssoUrl')}>
                {(control) => <Input {...control} {...form.register('ssoUrl')} placeholder="https://" />}
              </Field>
            </div>
            <div className="sm:col-span-2">
              <Field
                label="Certificate"
                hint="PEM; a second one below it while you change certificates"
                error={form.errorOf('certificates')}
              >
                {(control) => (
                  <TextArea {...control} {...form.register('certificates')} className="font-mono text-mini" />
                )}
              </Field>
            </div>
          </>
        )}
        <Field
          label="Domains"
          hint="Proven ones of yours, with commas between"
          error={form.errorOf('domains')}
        >
          {(control) => <Input {...control} {...form.register('domains')} placeholder="example.com" />}
        </Field>
        <Field label="Role by default" error={form.errorOf('defaultRoleId')}>
          {(control) => (
            <RoleSelect {...control} {...form.register('defaultRoleId')} none="Choose a role …" />
          )}
        </Field>
        <fieldset className="grid gap-2 rounded-lg border border-line p-3 sm:col-span-2">
          <legend className="px-1 font-medium">Roles by what the provider says</legend>
          <Field label="Claim or attribute" error={form.errorOf('roleClaim')}>
            {(control) => <Input {...control} {...form.register('roleClaim')} autoComplete="off" />}
          </Field>
          {mapping.fields.map((field, index) => (
            <div key={field.id} className="flex items-center gap-2">
              <Input
                aria-label={`Value ${index + 1}`}
                placeholder="Value, such as engineering"
                {...form.register(`roleMapping.${index}.value`)}
              />
              <RoleSelect
                aria-label={`Role for value ${index + 1}`}
                none="Role …"
                {...form.register(`roleMapping.${index}.roleId`)}
              />
              <Button
                look="ghost"
                size="icon"
                aria-label={`Remove value ${index + 1}`}
                onClick={() => mapping.remove(index)}
              >
                <X aria-hidden />
              </Button>
            </div>
          ))}
          <div>
            <Button size="small" onClick={() => mapping.append({ value: '', roleId: '' })}>
              <Plus aria-hidden />
              Add a value
            </Button>
          </div>
          {check('updatesRoles', 'Change roles at each log-in, too, not only of those who are new')}
        </fieldset>
        <div className="grid gap-2 sm:col-span-2">
          {check('createsMembers', 'Make whoever signs in with an address of these domains a member')}
          {check('isEnforced', 'Close all other ways in for people of these domains, except for owners')}
          {check('isActive', 'On')}
        </div>
        <div className="flex justify-end gap-2 sm:col-span-2">
          <Button onClick={onDone}>Cancel</Button>
          <Button type="submit" look="primary" disabled={form.formState.isSubmitting}>
            {connection ? 'Save' : 'Connect'}
          </Button>
        </div>
      </form>
      {confirmed.dialog}
    </>
  );
}

function valuesOf(connection: SsoConnection | undefined) {
  return {
    name: connection?.name ?? '',
    issuer: connection?.issuer ?? '',
    clientId: connection?.clientId ?? '',
    clientSecret: '',
    ssoUrl: connection?.ssoUrl ?? '',
    certificates: connection?.certificates.join('\n') ?? '',
    domains: connection?.domains.join(', ') ?? '',
    defaultRoleId: connection?.defaultRoleId ?? '',
    roleClaim: connection?.roleClaim ?? 'groups',
    roleMapping: connection?.roleMapping ?? [],
    createsMembers: connection?.createsMembers ?? true,
    updatesRoles: connection?.updatesRoles ?? false,
    isEnforced: connection?.isEnforced ?? false,
    isActive: connection?.isActive ?? true,
  };
}

function bodyOf(kind: Kind, values: ReturnType<typeof valuesOf>) {
  const { clientId, clientSecret, ssoUrl, certificates, domains, ...common } = values;
  const listed = domains
    .split(',')
    .map((domain) => domain.trim())
    .filter(Boolean);
  const own =
    kind === 'oidc'
      ? { clientId, ...(clientSecret && { clientSecret }) }
      : { ssoUrl, certificates: pemsIn(certificates) };
  return { ...common, domains: listed, ...own };
}

/** Certificates that stand one below the other. */
function pemsIn(text: string): string[] {
  const pems = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g);
  return pems ?? (text.trim() === '' ? [] : [text.trim()]);
}
