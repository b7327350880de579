import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { flagsQuery, meQuery, queryClient } from '../api/queries.js';
import { currentSession } from '../api/session.js';
import { resourceQuery } from '../features/resources/resource.js';
import { rightsOf } from '../features/session/use-rights.js';
import { isOpenTo, screens } from '../features/shell/screens.js';
import type { TasksWithin } from '../features/work/task-request.js';
import { app, isSignedIn, root, type UrlFields } from './app-route.js';
import { platformRoutes } from './platform-routes.js';
import { RouteProblem } from './route-problem.js';
import { settingsRoutes } from './settings-routes.js';

const landing = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: async () => {
    if (!(await isSignedIn())) return;
    const [me, { items }] = await Promise.all([
      queryClient.ensureQueryData(meQuery),
      queryClient.ensureQueryData(flagsQuery),
    ]);
    const rights = rightsOf(me, items);
    if (rights.isOnPlatform) throw redirect({ to: '/platform/organizations' });
    throw redirect({ to: screens.find((screen) => isOpenTo(screen, rights))?.to ?? '/settings/profile' });
  },
  component: lazyRouteComponent(() => import('../features/landing/landing.js'), 'Landing'),
});

/** Has what the catalogue says of these resources ready before the screen is shown, which would wait for one after another. */
const describing =
  (...names: string[]) =>
  () =>
    Promise.all(names.map((name) => queryClient.prefetchQuery(resourceQuery(name))));

/** What screens of tasks need; their first tasks are on the way then, and nothing waits for these. */
async function tasksAhead(fields: UrlFields, within: TasksWithin): Promise<void> {
  void import('../features/work/task-request.js').then(({ readTasksAhead }) =>
    readTasksAhead(queryClient, fields, within).catch(() => {}),
  );
  await describing('tasks', 'task_views')();
}

const next = ({ next: path }: UrlFields): { next?: string } =>
  // Only ways within the app, and none that a browser would read as another site.
  path?.startsWith('/') && !path.startsWith('//') ? { next: path } : {};

const logIn = createRoute({
  getParentRoute: () => root,
  path: '/log-in',
  validateSearch: next,
  component: lazyRouteComponent(() => import('../features/session/log-in.js'), 'LogIn'),
});
const signedIn = createRoute({
  getParentRoute: () => root,
  path: '/signed-in',
  validateSearch: next,
  component: lazyRouteComponent(() => import('../features/session/signed-in.js'), 'SignedIn'),
});
const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  component: lazyRouteComponent(() => import('../features/session/sign-up.js'), 'SignUp'),
});
const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: '/forgot-password',
  component: lazyRouteComponent(() => import('../features/session/forgot-password.js'), 'ForgotPassword'),
});
const resetPassword = createRoute({
  getParentRoute: () => root,
  path: '/account/reset-password/$token',
  component: lazyRouteComponent(() => import('../features/session/reset-password.js'), 'ResetPassword'),
});
const verifyEmail = createRoute({
  getParentRoute: () => root,
  path: '/account/verify-email/$token',
  component: lazyRouteComponent(() => import('../features/session/verify-email.js'), 'VerifyEmail'),
});
const joinByCode = createRoute({
  getParentRoute: () => root,
  path: '/join',
  component: lazyRouteComponent(() => import('../features/session/join-by-code.js'), 'JoinByCode'),
});
const acceptInvite = createRoute({
  getParentRoute: () => root,
  path: '/invites/$token',
  component: lazyRouteComponent(() => import('../features/session/accept-invite.js'), 'AcceptInvite'),
});

const myTasks = createRoute({
  getParentRoute: () => app,
  path: '/my-tasks',
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => tasksAhead(deps, { assigneeId: currentSession()?.user.id ?? '' }),
  component: lazyRouteComponent(() => import('../features/work/my-tasks.js'), 'MyTasks'),
});
const allTasks = createRoute({
  getParentRoute: () => app,
  path: '/tasks',
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => tasksAhead(deps, {}),
  component: lazyRouteComponent(() => import('../features/work/my-tasks.js'), 'AllTasks'),
});
const task = createRoute({
  getParentRoute: () => app,
  path: '/tasks/$taskId',
  loader: describing('tasks'),
  component: lazyRouteComponent(() => import('../features/work/task-screen.js'), 'TaskScreen'),
});
const projects = createRoute({
  getParentRoute: () => app,
  path: '/projects',
  loader: describing('projects'),
  component: lazyRouteComponent(() => import('../features/work/projects-screen.js'), 'ProjectsScreen'),
});
const project = createRoute({
  getParentRoute: () => app,
  path: '/projects/$projectId',
  loaderDeps: ({ search }) => search,
  loader: ({ deps, params: { projectId } }) =>
    Promise.all([describing('projects')(), tasksAhead(deps, { projectId })]),
  component: lazyRouteComponent(() => import('../features/work/project-screen.js'), 'ProjectScreen'),
});
const automations = createRoute({
  getParentRoute: () => app,
  path: '/automations',
  loader: describing('automations'),
  component: lazyRouteComponent(
    () => import('../features/automations/automations-screen.js'),
    'AutomationsScreen',
  ),
});
const templates = createRoute({
  getParentRoute: () => app,
  path: '/automations/templates',
  component: lazyRouteComponent(
    () => import('../features/automations/templates-screen.js'),
    'TemplatesScreen',
  ),
});
const automation = createRoute({
  getParentRoute: () => app,
  path: '/automations/$automationId',
  component: lazyRouteComponent(
    () => import('../features/automations/automation-screen.js'),
    'AutomationScreen',
  ),
});
const runs = createRoute({
  getParentRoute: () => app,
  path: '/runs',
  component: lazyRouteComponent(() => import('../features/runs/runs-screen.js'), 'RunsScreen'),
});
const run = createRoute({
  getParentRoute: () => app,
  path: '/runs/$runId',
  component: lazyRouteComponent(() => import('../features/runs/run-screen.js'), 'RunScreen'),
});
const approvals = createRoute({
  getParentRoute: () => app,
  path: '/inbox',
  component: lazyRouteComponent(() => import('../features/approvals/approvals-screen.js'), 'ApprovalsScreen'),
});
const connections = createRoute({
  getParentRoute: () => app,
  path: '/connections',
  loader: describing('connections'),
  component: lazyRouteComponent(
    () => import('../features/connections/connections-screen.js'),
    'ConnectionsScreen',
  ),
});
const deliveries = createRoute({
  getParentRoute: () => app,
  path: '/deliveries',
  loader: describing('deliveries'),
  component: lazyRouteComponent(
    () => import('../features/deliveries/deliveries-screen.js'),
    'DeliveriesScreen',
  ),
});
const builder = createRoute({
  getParentRoute: () => app,
  path: '/automations/$automationId/edit',
  component: lazyRouteComponent(() => import('../features/builder/builder-screen.js'), 'BuilderScreen'),
});
const notifications = createRoute({
  getParentRoute: () => app,
  path: '/notifications',
  component: lazyRouteComponent(
    () => import('../features/notifications/notifications-screen.js'),
    'NotificationsScreen',
  ),
});

const routeTree = root.addChildren([
  landing,
  logIn,
  signedIn,
  signUp,
  forgotPassword,
  resetPassword,
  verifyEmail,
  joinByCode,
  acceptInvite,
  app.addChildren([
    myTasks,
    allTasks,
    task,
    projects,
    project,
    automations,
    templates,
    automation,
    builder,
    runs,
    run,
    approvals,
    connections,
    deliveries,
    notifications,
    ...settingsRoutes,
    ...platformRoutes,
  ]),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultPendingMs: 150,
  scrollRestoration: true,
  defaultErrorComponent: RouteProblem,
  defaultNotFoundComponent: () => <RouteProblem error={undefined} />,
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (fields) => {
    const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '');
    const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
    return text === '' ? '' : `?${text}`;
  },
});

/** Begins to load the code of the screen that the address leads to, while it is found out who is there. */
export function loadChunks(): void {
  const { pathname } = router.latestLocation;
  for (const route of router.getMatchedRoutes(pathname)[0]) void router.loadRouteChunk(route);
}

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
