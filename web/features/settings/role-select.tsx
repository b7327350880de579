import type { ComponentProps } from 'react';
import { Select } from '../../components/ui/field.js';
import { useRoles } from './use-roles.js';

/** Chooses a role; `none` names what it means to choose none, where that can be. */
export function RoleSelect({ none, ...props }: ComponentProps<'select'> & { none?: string }) {
  const roles = useRoles().filter(({ key }) => key !== 'owner');
  return (
    // The key makes a select whose value came before its options show it.
    <Select key={roles.length} {...props}>
      {none !== undefined && <option value="">{none}</option>}
      {roles.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </Select>
  );
}
