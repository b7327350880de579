import { useQueryClient } from '@tanstack/react-query';
import { Ban, Copy, Plus } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { messageOf } from '../../api/api-error.js';
import { api, result, secretApi } from '../../api/client.js';
import type { paths } from '../../client/schema.js';
import { Button } from '../../components/ui/button.js';
import { Dialog } from '../../components/ui/dialog.js';
import { MenuItem } from '../../components/ui/menu.js';
import { type Row, resourceKey, useResource } from '../resources/resource.js';
import { ResourceForm } from '../resources/resource-form.js';
import { useRights } from '../session/use-rights.js';
import { useConfirmed } from './confirm-it-is-me.js';

type NewKey = NonNullable<paths['/v1/api-keys']['post']['requestBody']>['content']['application/json'];

/** Makes an API key, and shows it this once. Nothing for who may not. */
export function CreateKeyButton() {
  const { may } = useRights();
  const client = useQueryClient();
  const resource = useResource('api_keys');
  const confirmed = useConfirmed();
  const [shown, setShown] = useState<'form' | { key: string }>();
  if (!may('api_keys:create')) return null;
  return (
    <>
      <Button look="primary" size="small" onClick={() => setShown('form')}>
        <Plus aria-hidden />
        New key
      </Button>
      <Dialog
        isOpen={shown !== undefined}
        onOpenChange={(isOpen) => !isOpen && setShown(undefined)}
        title={shown === 'form' ? 'New key' : 'Copy the key now'}
        {...(shown !== 'form' && { description: 'It is shown this once, and kept nowhere.' })}
      >
        {shown === 'form' && (
          <ResourceForm
            resource={resource}
            verb="create"
            fields={['name', 'scopes', 'allowedNetworks']}
            initial={{ scopes: ['tasks:read', 'projects:read'] }}
            submitLabel="Create key"
            onSend={(input) =>
              confirmed.run(async () => {
                // The form was made of the schema of this very input.
                const body = input as NewKey;
                const { key } = await result(secretApi.POST('/v1/api-keys', { body }));
                await client.invalidateQueries({ queryKey: resourceKey.all('api_keys') });
                setShown({ key });
              })
            }
          />
        )}
        {typeof shown === 'object' && <ShownKey apiKey={shown.key} />}
      </Dialog>
      {confirmed.dialog}
    </>
  );
}

function ShownKey({ apiKey }: { apiKey: string }) {
  return (
    <div className="grid gap-3 p-5">
      <code className="break-all rounded-lg border border-line bg-side p-3 text-mini">{apiKey}</code>
      <Button
        onClick={async () => {
          await navigator.clipboard.writeText(apiKey);
          toast('Copied');
        }}
      >
        <Copy aria-hidden />
        Copy
      </Button>
    </div>
  );
}

/** Ends a key for good. */
export function RevokeKey({ apiKey: { id, revokedAt } }: { apiKey: Row }) {
  const { may } = useRights();
  const client = useQueryClient();
  if (revokedAt !== null || !may('api_keys:delete')) return null;
  const revoke = async () => {
    try {
      await result(api.DELETE('/v1/api-keys/{id}', { params: { path: { id } } }));
      toast('The key was revoked');
    } catch (error) {
      toast.error(messageOf(error));
    }
    await client.invalidateQueries({ queryKey: resourceKey.all('api_keys') });
  };
  return (
    <MenuItem onSelect={() => void revoke()}>
      <Ban aria-hidden />
      Revoke
    </MenuItem>
  );
}
