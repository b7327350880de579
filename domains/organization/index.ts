import type { Domain } from '#runtime/domain.js';
import { deleteOrganization, organizationEvents, restoreOrganization } from './delete-organization.js';
import { departments } from './departments.js';
import { addDomain, checkDomain, listDomains, removeDomain, updateDomain } from './domains.js';
import { listFlags, setFlag } from './flags.js';
import { listPlans } from './list-plans.js';
import { getLogo, removeLogo, setLogo } from './logo.js';
import { getSettings, updateSettings } from './organization-settings.js';
import { listQuotas } from './quotas.js';

/** The organization itself, and what it is divided into. */
export const organization: Domain = {
  name: 'organization',
  description: 'The settings of the organization, its logo, and the tree of its departments.',
  actions: [
    getSettings,
    updateSettings,
    setLogo,
    getLogo,
    removeLogo,
    deleteOrganization,
    restoreOrganization,
    addDomain,
    checkDomain,
    listDomains,
    updateDomain,
    removeDomain,
    listFlags,
    setFlag,
    listQuotas,
    listPlans,
    ...departments.actions,
  ],
  events: [...departments.events, ...Object.values(organizationEvents)],
};
