import { queryOptions, useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Fingerprint, MoreHorizontal, Plus } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { messageOf } from '../../../api/api-error.js';
import { api, result } from '../../../api/client.js';
import type { paths } from '../../../client/schema.js';
import { CopyField } from '../../../components/copy-field.js';
import { Button } from '../../../components/ui/button.js';
import { ConfirmDialog } from '../../../components/ui/confirm-dialog.js';
import { Menu, MenuItem } from '../../../components/ui/menu.js';
import { Badge, EmptyState } from '../../../components/ui/states.js';
import { useRights } from '../../session/use-rights.js';
import { useConfirmed } from '../confirm-it-is-me.js';
import { SettingsLine } from '../settings-line.js';
import { SettingsScreen } from '../settings-screen.js';
import { SettingsSection } from '../settings-section.js';
import { SsoDialog } from './sso-dialog.js';

export const ssoQuery = queryOptions({
  queryKey: ['sso-connections'],
  queryFn: () => result(api.GET('/v1/sso-connections', { params: { query: { limit: 100 } } })),
  meta: { topics: ['sso_connection'] },
});

export type SsoConnection =
  paths['/v1/sso-connections']['get']['responses'][200]['content']['application/json']['items'][number];

/** The organization's own identity providers: OpenID Connect and SAML. */
export function SsoScreen() {
  const { data } = useSuspenseQuery(ssoQuery);
  const { may } = useRights();
  const [shown, setShown] = useState<SsoConnection | 'new'>();
  const addButton = may('sso_connections:create') && (
    <Button size="small" look="primary" onClick={() => setShown('new')}>
      <Plus aria-hidden />
      Connect a provider
    </Button>
  );
  return (
    <SettingsScreen title="Single sign-on" actions={data.items.length > 0 && addButton}>
      {data.items.length === 0 && (
        <EmptyState icon={Fingerprint} title="No provider yet" action={addButton}>
          Let people sign in by Okta, Entra ID, Keycloak or any other provider that speaks OpenID Connect or
          SAML.
        </EmptyState>
      )}
      {data.items.map((connection) => (
        <ConnectionSection key={connection.id} connection={connection} onEdit={() => setShown(connection)} />
      ))}
      <SsoDialog shown={shown} onClose={() => setShown(undefined)} />
    </SettingsScreen>
  );
}

function ConnectionSection({ connection, onEdit }: { connection: SsoConnection; onEdit(): void }) {
  const client = useQueryClient();
  const { may } = useRights();
  const confirmed = useConfirmed();
  const [isRemoving, setRemoving] = useState(false);
  const { id, kind, name, startUrl, callbackUrl, metadataUrl, isActive, isEnforced, domains } = connection;
  const path = { params: { path: { id } } };
  const readAnew = () => client.invalidateQueries({ queryKey: ssoQuery.queryKey });
  const check = useMutation({
    mutationFn: () => result(api.POST('/v1/sso-connections/{id}/check', path)),
    onError: (error) => toast.error(messageOf(error)),
  });
  const remove = async () => {
    try {
      await confirmed.run(async () => {
        await result<unknown>(api.DELETE('/v1/sso-connections/{id}', path));
        toast(`${name} was deleted`, {
          duration: 10_000,
          action: {
            label: 'Undo',
            onClick: () =>
              void confirmed
                .run(async () => {
                  await result(api.POST('/v1/sso-connections/{id}/restore', path));
                  await readAnew();
                })
                .catch((error: unknown) => toast.error(messageOf(error))),
          },
        });
        await readAnew();
      });
    } catch (error) {
      toast.error(messageOf(error));
    }
  };
  return (
    <SettingsSection
      title={name}
      text={kind === 'oidc' ? 'OpenID Connect' : 'SAML 2.0'}
      action={
        <span className="flex items-center gap-2">
          {!isActive && <Badge>Off</Badge>}
          {isEnforced && <Badge>Only way in</Badge>}
          {may('sso_connections:update') && (
            <Button size="small" onClick={() => check.mutate()} disabled={check.isPending}>
              {check.isPending ? 'Testing …' : 'Test'}
            </Button>
          )}
          {(may('sso_connections:update') || may('sso_connections:delete')) && (
            <Menu
              align="end"
              trigger={
                <Button look="ghost" size="icon" aria-label={`Actions for ${name}`}>
                  <MoreHorizontal aria-hidden />
                </Button>
              }
            >
              {may('sso_connections:update') && <MenuItem onSelect={onEdit}>Edit</MenuItem>}
              {may('sso_connections:delete') && (
                <MenuItem onSelect={() => setRemoving(true)}>Delete</MenuItem>
              )}
            </Menu>
          )}
        </span>
      }
    >
      {check.data && <CheckResult {...check.data} />}
      <div className="border-line border-b py-1">
        <p className="pt-2 text-soft">Copy this to the provider:</p>
        <CopyField
          label={kind === 'oidc' ? 'Redirect address' : 'Assertion consumer service (ACS) address'}
          value={callbackUrl}
        />
        {metadataUrl !== null && (
          <CopyField label="Metadata and entity ID of this service" value={metadataUrl} />
        )}
        <CopyField label="Address at which signing in starts" value={startUrl} />
      </div>
      <SettingsLine
        title="Domains"
        text={domains.length === 0 ? 'None: only people who are linked already get in' : domains.join(', ')}
      />
      <SettingsLine title="Issuer" text={connection.issuer} />
      <SettingsLine
        title="Roles"
        text={
          connection.roleMapping.length === 0
            ? 'Everybody gets the role by default'
            : `${connection.roleMapping.length} values of ${connection.roleClaim} give a role`
        }
      />
      {isRemoving && (
        <ConfirmDialog
          title={`Delete ${name}?`}
          text="Nobody signs in by it any more. It can be brought back."
          verb="Delete it"
          onConfirm={() => void remove()}
          onClose={() => setRemoving(false)}
        />
      )}
      {confirmed.dialog}
    </SettingsSection>
  );
}

function CheckResult({ signInUrl, unprovenDomains }: { signInUrl: string; unprovenDomains: string[] }) {
  return (
    <div role="status" className="my-2 rounded-md border border-line bg-side p-3">
      <p className="font-medium text-success">The provider answers.</p>
      <p className="break-all text-mini text-soft">People are sent to {signInUrl}</p>
      {unprovenDomains.length > 0 && (
        <p className="pt-1 text-mini text-warning">
          Not proven yet, so nobody joins by them: {unprovenDomains.join(', ')}. See Domains.
        </p>
      )}
    </div>
  );
}
