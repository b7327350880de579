import {
  Activity,
  CircleUser,
  FolderKanban,
  Inbox,
  KeyRound,
  ListTodo,
  type LucideIcon,
  Mail,
  Network,
  Plug,
  ScrollText,
  Shield,
  ShieldCheck,
  Stamp,
  Users,
  Workflow,
} from 'lucide-react';
import type { Rights } from '../session/use-rights.js';

/** A place that people go to. Who may not go there sees neither the way nor the place. */
export interface Screen {
  to: string;
  title: string;
  icon: LucideIcon;
  group: 'work' | 'automations' | 'settings';
  permission?: string;
  module?: string;
  /** Pressed one after another. */
  keys?: string;
}

/** All places, in the order of the sidebar. */
export const screens: readonly Screen[] = [
  {
    to: '/my-tasks',
    title: 'My tasks',
    icon: CircleUser,
    group: 'work',
    permission: 'tasks:read',
    module: 'work',
    keys: 'g m',
  },
  {
    to: '/tasks',
    title: 'All tasks',
    icon: ListTodo,
    group: 'work',
    permission: 'tasks:read',
    module: 'work',
    keys: 'g t',
  },
  {
    to: '/projects',
    title: 'Projects',
    icon: FolderKanban,
    group: 'work',
    permission: 'projects:read',
    module: 'work',
    keys: 'g p',
  },
  {
    to: '/automations',
    title: 'Automations',
    icon: Workflow,
    group: 'automations',
    permission: 'automations:read',
    keys: 'g a',
  },
  { to: '/runs', title: 'Runs', icon: Activity, group: 'automations', permission: 'runs:read', keys: 'g r' },
  {
    to: '/inbox',
    title: 'Approvals',
    icon: Stamp,
    group: 'automations',
    permission: 'approvals:read',
    keys: 'g i',
  },
  {
    to: '/connections',
    title: 'Connections',
    icon: Plug,
    group: 'automations',
    permission: 'connections:read',
    keys: 'g c',
  },
  {
    to: '/deliveries',
    title: 'Deliveries',
    icon: Inbox,
    group: 'automations',
    permission: 'deliveries:read',
    keys: 'g d',
  },
  { to: '/settings/profile', title: 'Profile', icon: CircleUser, group: 'settings', keys: 'g s' },
  { to: '/settings/security', title: 'Security', icon: ShieldCheck, group: 'settings' },
  { to: '/settings/members', title: 'Members', icon: Users, group: 'settings', permission: 'members:read' },
  { to: '/settings/invites', title: 'Invites', icon: Mail, group: 'settings', permission: 'invites:read' },
  { to: '/settings/roles', title: 'Roles', icon: Shield, group: 'settings', permission: 'roles:read' },
  {
    to: '/settings/departments',
    title: 'Departments',
    icon: Network,
    group: 'settings',
    permission: 'departments:read',
  },
  {
    to: '/settings/api-keys',
    title: 'API keys',
    icon: KeyRound,
    group: 'settings',
    permission: 'api_keys:read',
  },
  {
    to: '/settings/audit',
    title: 'Audit log',
    icon: ScrollText,
    group: 'settings',
    permission: 'audit:read',
  },
];

/** True if the person may go there, and it is switched on. */
export function isOpenTo({ permission, module }: Screen, { may, isOn }: Rights): boolean {
  return (permission === undefined || may(permission)) && (module === undefined || isOn(module));
}
