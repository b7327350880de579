import type { Domain } from '#runtime/domain.js';
import { getResource, listResources } from './get-resource.js';
import { listConnectors } from './list-connectors.js';
import { getStep, listSteps } from './steps.js';
import { getTrigger, listTriggers } from './triggers.js';

/** What there is to be seen and done, told to screens. */
export const catalogueDomain: Domain = {
  name: 'catalogue',
  description: 'What the platform consists of, so that screens can be made of it.',
  actions: [listResources, getResource, listConnectors, listSteps, getStep, listTriggers, getTrigger],
  events: [],
};
