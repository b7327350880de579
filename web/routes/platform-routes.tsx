import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { app } from './app-route.js';

const organizations = createRoute({
  getParentRoute: () => app,
  path: '/platform/organizations',
  component: lazyRouteComponent(
    () => import('../features/platform/organizations-screen.js'),
    'OrganizationsScreen',
  ),
});
const organization = createRoute({
  getParentRoute: () => app,
  path: '/platform/organizations/$organizationId',
  component: lazyRouteComponent(
    () => import('../features/platform/organization-screen.js'),
    'OrganizationScreen',
  ),
});
const superUsers = createRoute({
  getParentRoute: () => app,
  path: '/platform/super-users',
  component: lazyRouteComponent(
    () => import('../features/platform/super-users-screen.js'),
    'SuperUsersScreen',
  ),
});
const health = createRoute({
  getParentRoute: () => app,
  path: '/platform/health',
  component: lazyRouteComponent(() => import('../features/platform/health-screen.js'), 'HealthScreen'),
});
const log = createRoute({
  getParentRoute: () => app,
  path: '/platform/audit',
  component: lazyRouteComponent(
    () => import('../features/platform/platform-log-screen.js'),
    'PlatformLogScreen',
  ),
});

/** The screens of those who run the platform. */
export const platformRoutes = [organizations, organization, superUsers, health, log] as const;
