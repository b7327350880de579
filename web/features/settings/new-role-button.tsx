import { Link, useNavigate } from '@tanstack/react-router';
import { Pencil, Plus } from 'lucide-react';
import { Button } from '../../components/ui/button.js';
import { MenuItem } from '../../components/ui/menu.js';
import { useRights } from '../session/use-rights.js';

/** Leads to a role that is to be made. Nothing for who may not. */
export function NewRoleButton() {
  const { may } = useRights();
  if (!may('roles:create')) return null;
  return (
    <Button asChild look="primary" size="small">
      <Link to="/settings/roles/$roleId" params={{ roleId: 'new' }}>
        <Plus aria-hidden />
        New role
      </Link>
    </Button>
  );
}

/** Leads to what a role holds. */
export function OpenRole({ id: roleId }: { id: string }) {
  const navigate = useNavigate();
  return (
    <MenuItem onSelect={() => void navigate({ to: '/settings/roles/$roleId', params: { roleId } })}>
      <Pencil aria-hidden />
      Open
    </MenuItem>
  );
}
