import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { app } from './app-route.js';

const profile = createRoute({
  getParentRoute: () => app,
  path: '/settings/profile',
  component: lazyRouteComponent(() => import('../features/settings/profile-screen.js'), 'ProfileScreen'),
});
const security = createRoute({
  getParentRoute: () => app,
  path: '/settings/security',
  component: lazyRouteComponent(() => import('../features/settings/security-screen.js'), 'SecurityScreen'),
});
const notificationSettings = createRoute({
  getParentRoute: () => app,
  path: '/settings/notifications',
  component: lazyRouteComponent(
    () => import('../features/settings/account/notification-settings.js'),
    'NotificationSettings',
  ),
});
const personalData = createRoute({
  getParentRoute: () => app,
  path: '/settings/personal-data',
  component: lazyRouteComponent(
    () => import('../features/settings/account/personal-data-screen.js'),
    'PersonalDataScreen',
  ),
});
const join = createRoute({
  getParentRoute: () => app,
  path: '/settings/join',
  component: lazyRouteComponent(() => import('../features/settings/account/join-screen.js'), 'JoinScreen'),
});
const general = createRoute({
  getParentRoute: () => app,
  path: '/settings/organization',
  component: lazyRouteComponent(
    () => import('../features/settings/organization/general-screen.js'),
    'GeneralScreen',
  ),
});
const domains = createRoute({
  getParentRoute: () => app,
  path: '/settings/domains',
  component: lazyRouteComponent(
    () => import('../features/settings/organization/domains-screen.js'),
    'DomainsScreen',
  ),
});
const role = createRoute({
  getParentRoute: () => app,
  path: '/settings/roles/$roleId',
  component: lazyRouteComponent(() => import('../features/settings/access/role-screen.js'), 'RoleScreen'),
});
const explain = createRoute({
  getParentRoute: () => app,
  path: '/settings/permissions',
  component: lazyRouteComponent(
    () => import('../features/settings/access/explain-screen.js'),
    'ExplainScreen',
  ),
});
const signInRules = createRoute({
  getParentRoute: () => app,
  path: '/settings/sign-in',
  component: lazyRouteComponent(
    () => import('../features/settings/access/sign-in-rules-screen.js'),
    'SignInRulesScreen',
  ),
});
const sso = createRoute({
  getParentRoute: () => app,
  path: '/settings/sso',
  component: lazyRouteComponent(() => import('../features/settings/access/sso-screen.js'), 'SsoScreen'),
});
const provisioning = createRoute({
  getParentRoute: () => app,
  path: '/settings/provisioning',
  component: lazyRouteComponent(
    () => import('../features/settings/access/provisioning-screen.js'),
    'ProvisioningScreen',
  ),
});
const supportAccess = createRoute({
  getParentRoute: () => app,
  path: '/settings/support-access',
  component: lazyRouteComponent(
    () => import('../features/settings/access/support-access-screen.js'),
    'SupportAccessScreen',
  ),
});
const modules = createRoute({
  getParentRoute: () => app,
  path: '/settings/modules',
  component: lazyRouteComponent(() => import('../features/settings/data/modules-screen.js'), 'ModulesScreen'),
});
const usage = createRoute({
  getParentRoute: () => app,
  path: '/settings/usage',
  component: lazyRouteComponent(() => import('../features/settings/data/usage-screen.js'), 'UsageScreen'),
});
const retention = createRoute({
  getParentRoute: () => app,
  path: '/settings/retention',
  component: lazyRouteComponent(
    () => import('../features/settings/data/retention-screen.js'),
    'RetentionScreen',
  ),
});
const dataExports = createRoute({
  getParentRoute: () => app,
  path: '/settings/exports',
  component: lazyRouteComponent(() => import('../features/settings/data/exports-screen.js'), 'ExportsScreen'),
});
const erasures = createRoute({
  getParentRoute: () => app,
  path: '/settings/erasures',
  component: lazyRouteComponent(
    () => import('../features/settings/data/erasures-screen.js'),
    'ErasuresScreen',
  ),
});
const resourceSettings = createRoute({
  getParentRoute: () => app,
  path: '/settings/$section',
  component: lazyRouteComponent(
    () => import('../features/settings/resource-settings.js'),
    'ResourceSettings',
  ),
});

/** The screens of settings; those that are lists share the last one. */
export const settingsRoutes = [
  profile,
  security,
  notificationSettings,
  personalData,
  join,
  general,
  domains,
  role,
  explain,
  signInRules,
  sso,
  provisioning,
  supportAccess,
  modules,
  usage,
  retention,
  dataExports,
  erasures,
  resourceSettings,
] as const;
