import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Ban, Send } from 'lucide-react';
import { toast } from 'sonner';
import { messageOf } from '../../api/api-error.js';
import { api, result } from '../../api/client.js';
import { MenuItem } from '../../components/ui/menu.js';
import { type Row, resourceKey } from '../resources/resource.js';
import { useRights } from '../session/use-rights.js';

/** Sends an invite once more, or takes it back. */
export function InviteActions({ invite: { id, kind, status } }: { invite: Row }) {
  const { may } = useRights();
  const client = useQueryClient();
  const options = { params: { path: { id } } };
  const settled = {
    onError: (error: unknown) => void toast.error(messageOf(error)),
    onSettled: () => client.invalidateQueries({ queryKey: resourceKey.all('invites') }),
  };
  const resend = useMutation({
    mutationFn: () => result(api.POST('/v1/invites/{id}/resend', options)),
    onSuccess: () => toast('It is on its way once more; the earlier link is good no more'),
    ...settled,
  });
  const revoke = useMutation({
    mutationFn: () => result(api.POST('/v1/invites/{id}/revoke', options)),
    onSuccess: () => toast('Nobody can join by it any more'),
    ...settled,
  });
  return (
    <>
      {kind === 'mail' && (status === 'open' || status === 'expired') && may('invites:create') && (
        <MenuItem onSelect={() => resend.mutate()}>
          <Send aria-hidden />
          Send again
        </MenuItem>
      )}
      {status === 'open' && may('invites:revoke') && (
        <MenuItem onSelect={() => revoke.mutate()}>
          <Ban aria-hidden />
          Take it back
        </MenuItem>
      )}
    </>
  );
}
