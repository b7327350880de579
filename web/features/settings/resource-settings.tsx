import { useParams } from '@tanstack/react-router';
import { KeyRound, Mail, Network, ScrollText, Shield, Users } from 'lucide-react';
import { Badge } from '../../components/ui/states.js';
import { CellValue, PersonName } from '../resources/cell-value.js';
import type { Row } from '../resources/resource.js';
import { ResourcePage, type ResourcePageProps } from '../resources/resource-page.js';
import { NotFoundScreen } from '../shell/problem-screen.js';
import { CreateKeyButton, RevokeKey } from './api-key-buttons.js';
import { InviteActions } from './invite-actions.js';
import { InviteButton } from './invite-button.js';
import { MemberActions } from './member-actions.js';
import { NewRoleButton, OpenRole } from './new-role-button.js';

/** The screens of settings that are lists, made of what their resources declare. */
const pages: Readonly<Record<string, ResourcePageProps>> = {
  members: {
    name: 'members',
    title: 'Members',
    singular: 'member',
    icon: Users,
    columns: [
      { field: 'name', width: 2, cell: personOf },
      { field: 'email', width: 2, isMinor: true },
      { field: 'role' },
      { field: 'status', isMinor: true },
    ],
    updateFields: ['title', 'roleId', 'managerId'],
    filters: ['status'],
    emptyText: 'Invite others to work with you.',
    createButton: <InviteButton />,
    moreActions: (row) => <MemberActions member={row} />,
  },
  invites: {
    name: 'invites',
    title: 'Invites',
    singular: 'invite',
    icon: Mail,
    columns: [
      { field: 'email', label: 'For', width: 2, cell: ({ email, hint }) => String(email ?? `Code …${hint}`) },
      { field: 'status' },
      { field: 'role', isMinor: true },
      { field: 'expiresAt', label: 'Good until', isMinor: true },
    ],
    filters: ['status'],
    emptyText: 'An invite brings somebody into the organization, with a role.',
    createButton: <InviteButton />,
    moreActions: (row) => <InviteActions invite={row} />,
  },
  roles: {
    name: 'roles',
    title: 'Roles',
    singular: 'role',
    icon: Shield,
    columns: [
      { field: 'name', width: 1 },
      { field: 'description', width: 2, isMinor: true },
      { field: 'permissions', width: 2 },
    ],
    linkOf: ({ id }) => `/settings/roles/${id}`,
    createButton: <NewRoleButton />,
    canEdit: () => false,
    canDelete: ({ isDefault }) => isDefault !== true,
    moreActions: ({ id }) => <OpenRole id={id} />,
    emptyText: 'A role says what its people may do.',
  },
  departments: {
    name: 'departments',
    title: 'Departments',
    singular: 'department',
    icon: Network,
    columns: [
      { field: 'name', width: 2 },
      { field: 'description', width: 2, isMinor: true },
      { field: 'updatedAt', label: 'Updated', isMinor: true },
    ],
    createFields: ['name', 'description'],
    updateFields: ['name', 'description'],
    emptyText: 'Departments divide the organization, up to ten levels deep.',
  },
  'api-keys': {
    name: 'api_keys',
    title: 'API keys',
    singular: 'key',
    icon: KeyRound,
    columns: [
      { field: 'name', width: 2 },
      {
        field: 'prefix',
        cell: ({ prefix }) => <code className="text-mini text-soft">{String(prefix)}…</code>,
      },
      { field: 'userId', label: 'Person', isMinor: true },
      { field: 'lastUsedAt', label: 'Last used', isMinor: true },
      {
        field: 'revokedAt',
        label: 'State',
        cell: ({ revokedAt }) => <Badge>{revokedAt === null ? 'Active' : 'Revoked'}</Badge>,
      },
    ],
    updateFields: ['name'],
    canEdit: ({ revokedAt }) => revokedAt === null,
    createButton: <CreateKeyButton />,
    moreActions: (row) => <RevokeKey apiKey={row} />,
    emptyText: 'A key lets a program act as you, within the scopes that you give it.',
  },
  audit: {
    name: 'audit',
    title: 'Audit log',
    singular: 'entry',
    icon: ScrollText,
    columns: [
      { field: 'at', label: 'When', cell: ({ at }) => <Moment at={String(at)} /> },
      {
        field: 'action',
        width: 2,
        cell: ({ action }) => <code className="truncate text-mini">{String(action)}</code>,
      },
      { field: 'principalId', label: 'Who', isMinor: true },
      { field: 'via', isMinor: true },
    ],
    emptyText: 'Everything that is done is kept here.',
  },
};

/** The list of settings that the address names. */
export function ResourceSettings() {
  const { section } = useParams({ from: '/app/settings/$section' });
  const page = Object.hasOwn(pages, section) ? pages[section] : undefined;
  return page ? <ResourcePage key={section} {...page} /> : <NotFoundScreen />;
}

function personOf({ userId, name, email }: Row) {
  return <PersonName person={{ id: String(userId), name: String(name), email: String(email) }} />;
}

const momentField = {
  name: 'at',
  label: 'When',
  kind: 'moment',
  isRequired: true,
  isNullable: false,
  hint: undefined,
  maxLength: undefined,
  choices: [],
  target: undefined,
} as const;

function Moment({ at }: { at: string }) {
  return <CellValue field={momentField} value={at} people={[]} />;
}
