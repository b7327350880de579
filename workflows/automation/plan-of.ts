import type { Plan } from '#core/automation/plan.js';
import type { RunGroup } from '#core/automation/run.js';
import { loadPlan } from './activities.js';

/** The plan of a group, fetched in parts where it is too large to travel. */
export async function planOf({ orgId, automationId, version, plan }: RunGroup): Promise<Plan> {
  if (!('parts' in plan)) return plan;
  const parts = Array.from({ length: plan.parts }, (_, part) =>
    loadPlan({ orgId, automationId, version, part }),
  );
  return JSON.parse((await Promise.all(parts)).join(''));
}
