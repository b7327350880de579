import type { Domain } from '#runtime/domain.js';
import { listPlatformAudit } from './list-platform-audit.js';
import {
  getTenant,
  resumeTenant,
  setTenantFlag,
  setTenantPlan,
  suspendTenant,
} from './organizations/change-tenant.js';
import { listTenants } from './organizations/list-tenants.js';
import { platformHealth } from './platform-health.js';
import { grantSupportAccess, listSupportAccess, revokeSupportAccess } from './support/grant-support.js';
import { enterOrganization, leaveOrganization } from './support/visit-organization.js';

/** What the people who run the platform do, and how an organization lets them in. */
export const administration: Domain = {
  name: 'administration',
  description: 'For the people who run the platform: organizations, health, and support where it is let in.',
  actions: [
    listTenants,
    getTenant,
    setTenantPlan,
    setTenantFlag,
    suspendTenant,
    resumeTenant,
    platformHealth,
    listPlatformAudit,
    grantSupportAccess,
    revokeSupportAccess,
    listSupportAccess,
    enterOrganization,
    leaveOrganization,
  ],
  events: [],
};
