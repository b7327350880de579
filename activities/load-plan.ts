import { planPart } from '#core/automation/plan-parts.js';
import { readPlan } from '#runtime/runs/read-plan.js';
import type { Services } from '#runtime/services.js';
import type { AutomationActivities } from './automation-activities.js';

/** Loads the plan of a published version part by part, where it is too large to travel with the workflow's start. */
export function createLoadPlan({ database }: Services): AutomationActivities['loadPlan'] {
  return async ({ orgId, automationId, version, part }) => {
    const plan = await database.withOrg(orgId, (transaction) => readPlan(transaction, automationId, version));
    return planPart(plan, part);
  };
}
