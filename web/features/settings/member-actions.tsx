import { useMutation, useQueryClient } from '@tanstack/react-query';
import { UserCheck, UserX } from 'lucide-react';
import { toast } from 'sonner';
import { messageOf } from '../../api/api-error.js';
import { api, result } from '../../api/client.js';
import { MenuItem } from '../../components/ui/menu.js';
import { type Row, resourceKey } from '../resources/resource.js';
import { useRights } from '../session/use-rights.js';

/** Lets a member act no more, until they are let again. */
export function MemberActions({ member: { id, status, name } }: { member: Row }) {
  const { may } = useRights();
  const client = useQueryClient();
  const isActive = status === 'active';
  const change = useMutation({
    mutationFn: () => {
      const options = { params: { path: { id } } };
      return result<unknown>(
        isActive
          ? api.POST('/v1/members/{id}/deactivate', options)
          : api.POST('/v1/members/{id}/reactivate', options),
      );
    },
    onSuccess: () => toast(`${String(name)} ${isActive ? 'may act no more' : 'may act again'}`),
    onError: (error) => toast.error(messageOf(error)),
    onSettled: () => client.invalidateQueries({ queryKey: resourceKey.all('members') }),
  });
  if (!may('members:deactivate') || status === 'removed') return null;
  return (
    <MenuItem onSelect={() => change.mutate()}>
      {isActive ? <UserX aria-hidden /> : <UserCheck aria-hidden />}
      {isActive ? 'Deactivate' : 'Reactivate'}
    </MenuItem>
  );
}
