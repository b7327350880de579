import {
  Activity,
  Ban,
  Bell,
  Building2,
  ChartNoAxesColumn,
  CircleHelp,
  CircleUser,
  Download,
  Fingerprint,
  FolderKanban,
  Globe,
  HeartPulse,
  History,
  Inbox,
  KeyRound,
  LifeBuoy,
  ListTodo,
  LockKeyhole,
  type LucideIcon,
  Mail,
  Network,
  Plug,
  ScrollText,
  Shield,
  ShieldCheck,
  Stamp,
  ToggleRight,
  UserCog,
  UserRoundX,
  Users,
  UsersRound,
  Workflow,
} from 'lucide-react';
import type { Rights } from '../session/use-rights.js';

/** A place that people go to. Who may not go there sees neither the way nor the place. */
export interface Screen {
  to: string;
  title: string;
  icon: LucideIcon;
  group: keyof typeof groupTitles;
  permission?: string;
  module?: string;
  /** For those who are signed in to the platform. */
  isOfPlatform?: true;
  /** Pressed one after another. */
  keys?: string;
}

/** Groups of the sidebar. */
export const groupTitles = {
  own: '',
  work: 'Work',
  automations: 'Automations',
  account: 'You',
  organization: 'Organization',
  access: 'Access and safety',
  data: 'Data',
  platform: 'Platform',
} as const;

/** Parts of the app that have a sidebar of their own, by the beginning of their addresses. */
export const sections = [
  { start: '/settings', title: 'Settings', groups: ['account', 'organization', 'access', 'data'] },
  { start: '/platform', title: 'Platform', groups: ['platform'] },
] as const;

/** The groups of everything else. */
export const mainGroups = ['own', 'work', 'automations'] as const;

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
  { to: '/notifications', title: 'Notifications', icon: Bell, group: 'own', keys: 'g n' },
  { to: '/settings/profile', title: 'Profile', icon: CircleUser, group: 'account', keys: 'g s' },
  { to: '/settings/security', title: 'Security', icon: ShieldCheck, group: 'account' },
  { to: '/settings/notifications', title: 'Notifications', icon: Bell, group: 'account' },
  { to: '/settings/personal-data', title: 'Personal data', icon: UserRoundX, group: 'account' },
  { to: '/settings/join', title: 'Join an organization', icon: UsersRound, group: 'account' },
  {
    to: '/settings/organization',
    title: 'General',
    icon: Building2,
    group: 'organization',
    permission: 'organization:read',
  },
  {
    to: '/settings/members',
    title: 'Members',
    icon: Users,
    group: 'organization',
    permission: 'members:read',
  },
  {
    to: '/settings/invites',
    title: 'Invites',
    icon: Mail,
    group: 'organization',
    permission: 'invites:read',
  },
  {
    to: '/settings/departments',
    title: 'Departments',
    icon: Network,
    group: 'organization',
    permission: 'departments:read',
  },
  {
    to: '/settings/domains',
    title: 'Domains',
    icon: Globe,
    group: 'organization',
    permission: 'organization:read',
  },
  { to: '/settings/roles', title: 'Roles', icon: Shield, group: 'access', permission: 'roles:read' },
  {
    to: '/settings/permissions',
    title: 'Why may somebody?',
    icon: CircleHelp,
    group: 'access',
    permission: 'permissions:explain',
  },
  {
    to: '/settings/sign-in',
    title: 'Sign-in rules',
    icon: LockKeyhole,
    group: 'access',
    permission: 'organization:read',
  },
  {
    to: '/settings/sso',
    title: 'Single sign-on',
    icon: Fingerprint,
    group: 'access',
    permission: 'sso_connections:read',
  },
  {
    to: '/settings/provisioning',
    title: 'Provisioning',
    icon: UserCog,
    group: 'access',
    permission: 'scim_tokens:read',
  },
  {
    to: '/settings/api-keys',
    title: 'API keys',
    icon: KeyRound,
    group: 'access',
    permission: 'api_keys:read',
  },
  {
    to: '/settings/support-access',
    title: 'Support access',
    icon: LifeBuoy,
    group: 'access',
    permission: 'support_access:read',
  },
  { to: '/settings/audit', title: 'Audit log', icon: ScrollText, group: 'access', permission: 'audit:read' },
  {
    to: '/settings/modules',
    title: 'Modules',
    icon: ToggleRight,
    group: 'data',
    permission: 'organization:read',
  },
  {
    to: '/settings/usage',
    title: 'Usage',
    icon: ChartNoAxesColumn,
    group: 'data',
    permission: 'organization:read',
  },
  {
    to: '/settings/retention',
    title: 'Retention',
    icon: History,
    group: 'data',
    permission: 'retention:read',
  },
  {
    to: '/settings/exports',
    title: 'Data exports',
    icon: Download,
    group: 'data',
    permission: 'exports:manage',
  },
  { to: '/settings/erasures', title: 'Erasures', icon: Ban, group: 'data', permission: 'people:erase' },
  {
    to: '/platform/organizations',
    title: 'Organizations',
    icon: Building2,
    group: 'platform',
    isOfPlatform: true,
  },
  { to: '/platform/super-users', title: 'Super-users', icon: UserCog, group: 'platform', isOfPlatform: true },
  { to: '/platform/health', title: 'Health', icon: HeartPulse, group: 'platform', isOfPlatform: true },
  { to: '/platform/audit', title: 'Platform log', icon: ScrollText, group: 'platform', isOfPlatform: true },
];

/** True if the person may go there, and it is switched on. */
export function isOpenTo(
  { permission, module, isOfPlatform }: Screen,
  { may, isOn, isOnPlatform }: Rights,
): boolean {
  if (isOfPlatform && !isOnPlatform) return false;
  return (permission === undefined || may(permission)) && (module === undefined || isOn(module));
}
