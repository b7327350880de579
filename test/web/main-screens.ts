import type { Page } from 'playwright-core';
import type { Showcase } from './build-showcase.js';

export interface MainScreen {
  /** As in the name of its picture. */
  name: string;
  path: string;
  /** What is there once it is whole. */
  ready(page: Page): Promise<unknown>;
}

const heading = (name: string) => (page: Page) => page.getByRole('heading', { name }).first().waitFor();
const text = (content: string) => (page: Page) => page.getByText(content).first().waitFor();

/** The screens that anybody can see. */
export const publicScreens: readonly MainScreen[] = [
  { name: 'landing', path: '/', ready: heading('The platform on which') },
  { name: 'log-in', path: '/log-in', ready: heading('Log in') },
  { name: 'sign-up', path: '/sign-up', ready: heading('Make an organization') },
  { name: 'forgot-password', path: '/forgot-password', ready: heading('Set a new password') },
  { name: 'reset-password', path: '/account/reset-password/x', ready: heading('Set a new password') },
  { name: 'join', path: '/join', ready: heading('Join with a code') },
  { name: 'verify-email', path: '/account/verify-email/x', ready: heading('Confirm your email') },
];

/** The screens of those who are signed in to the showcase. */
export function signedInScreens({
  projectId,
  taskId,
  automationId,
  draftId,
  changedId,
  runId,
  waitingRunId,
  roleId,
  userId,
}: Showcase): readonly MainScreen[] {
  return [
    { name: 'my-tasks', path: '/my-tasks', ready: text('Write the release notes') },
    { name: 'tasks', path: '/tasks?group=priority', ready: text('Write the release notes') },
    { name: 'board', path: `/projects/${projectId}?view=board`, ready: text('Write the release notes') },
    {
      name: 'calendar',
      path: `/projects/${projectId}?view=calendar`,
      ready: heading('Unscheduled'),
    },
    { name: 'task', path: `/tasks/${taskId}`, ready: heading('Write the release') },
    { name: 'projects', path: '/projects', ready: text('Office move') },
    { name: 'automations', path: '/automations', ready: text('Ask before a refund') },
    { name: 'templates', path: '/automations/templates', ready: text('Email to task') },
    {
      name: 'template',
      path: '/automations/templates?template=ask-before-refund',
      ready: (page) => page.locator('.react-flow__node').first().waitFor(),
    },
    {
      name: 'automation',
      path: `/automations/${automationId}`,
      ready: (page) => page.locator('.react-flow__node').first().waitFor(),
    },
    { name: 'automation-runs', path: `/automations/${automationId}?view=runs`, ready: text('Succeeded') },
    {
      name: 'automation-versions',
      path: `/automations/${automationId}?view=versions`,
      ready: text('Version 1'),
    },
    { name: 'runs', path: '/runs', ready: text('Failed') },
    { name: 'run', path: `/runs/${runId}`, ready: text('Retry from') },
    {
      name: 'run-canvas',
      path: `/runs/${runId}?view=canvas`,
      ready: (page) => page.locator('.react-flow__node').first().waitFor(),
    },
    { name: 'run-waiting', path: `/runs/${waitingRunId}`, ready: text('Reason') },
    { name: 'approvals', path: '/inbox', ready: text('Reason') },
    { name: 'connections', path: '/connections', ready: text('Slack') },
    { name: 'connect', path: '/connections?new=github', ready: text('Webhook secret') },
    { name: 'deliveries', path: '/deliveries', ready: text('webhook') },
    {
      name: 'builder',
      path: `/automations/${draftId}/edit`,
      ready: async (page) => {
        await page.getByRole('group', { name: /^Ask the release manager/ }).click();
        await page.getByRole('textbox', { name: 'Title', exact: true }).waitFor();
      },
    },
    {
      name: 'builder-list',
      path: `/automations/${draftId}/edit?view=list`,
      ready: text('Ask the release manager'),
    },
    {
      name: 'builder-versions',
      path: `/automations/${changedId}/edit?panel=versions&version=2&against=draft`,
      ready: text('Wait a day'),
    },
    {
      name: 'builder-settings',
      path: `/automations/${draftId}/edit?panel=settings&palette=open`,
      ready: text('Add a setting'),
    },
    {
      name: 'builder-pinned',
      path: `/automations/${draftId}/edit?panel=pinned`,
      ready: text('Pin data of a step'),
    },
    { name: 'automations-deleted', path: '/automations?deleted=true', ready: heading('Nothing was deleted') },
    { name: 'notifications', path: '/notifications', ready: text('Approval needed') },
    { name: 'profile', path: '/settings/profile', ready: heading('Look') },
    { name: 'security', path: '/settings/security', ready: text('This one') },
    {
      name: 'notification-settings',
      path: '/settings/notifications',
      ready: text('A task is assigned to me'),
    },
    { name: 'personal-data', path: '/settings/personal-data', ready: heading('Be erased') },
    { name: 'join-organization', path: '/settings/join', ready: heading('By a code') },
    { name: 'organization', path: '/settings/organization', ready: heading('Working hours') },
    { name: 'domains', path: '/settings/domains', ready: text('northwind.example') },
    { name: 'role', path: `/settings/roles/${roleId}`, ready: text('tasks:create') },
    {
      name: 'permissions',
      path: `/settings/permissions?principal=${userId}&action=tasks.create`,
      ready: heading('Allowed'),
    },
    { name: 'sign-in-rules', path: '/settings/sign-in', ready: heading('Sessions') },
    { name: 'sso', path: '/settings/sso', ready: text('Redirect address') },
    { name: 'provisioning', path: '/settings/provisioning', ready: text('Base address') },
    { name: 'support-access', path: '/settings/support-access', ready: text('A question about runs') },
    { name: 'modules', path: '/settings/modules', ready: text('Projects and tasks') },
    { name: 'usage', path: '/settings/usage', ready: text('What is used') },
    { name: 'retention', path: '/settings/retention', ready: text('Deliveries') },
    { name: 'exports', path: '/settings/exports', ready: text('Export everything') },
    { name: 'erasures', path: '/settings/erasures', ready: text('Erased people') },
    { name: 'members', path: '/settings/members', ready: text('Olivia Owner') },
    { name: 'invites', path: '/settings/invites', ready: heading('No invites yet') },
    { name: 'roles', path: '/settings/roles', ready: text('Manager') },
    { name: 'departments', path: '/settings/departments', ready: heading('No departments yet') },
    { name: 'api-keys', path: '/settings/api-keys', ready: heading('No keys yet') },
    { name: 'audit', path: '/settings/audit', ready: text('tasks.create') },
    { name: 'not-found', path: '/settings/nothing', ready: heading('Nothing is here') },
  ];
}

/** The screens of a super-user. */
export function platformScreens({ orgId }: Showcase): readonly MainScreen[] {
  return [
    { name: 'platform-organizations', path: '/platform/organizations?q=Northwind', ready: text('Northwind') },
    {
      name: 'platform-organization',
      path: `/platform/organizations/${orgId}`,
      ready: heading('Suspension'),
    },
    { name: 'platform-super-users', path: '/platform/super-users', ready: text('Sue Super') },
    { name: 'platform-health', path: '/platform/health', ready: text('postgresql') },
    { name: 'platform-log', path: '/platform/audit', ready: text('tenants.list') },
  ];
}
