import type { Plan } from '#core/automation/plan.js';
import type { RunStart } from '#core/automation/run.js';

/** Most runs that one workflow carries. */
export const maxGroupSize = 25;

/** Runs that one workflow carries, with what it needs to start. */
export interface StartableGroup {
  orgId: string;
  workflowId: string;
  automationId: string;
  version: number;
  grantId: string;
  plan: Plan;
  runs: RunStart[];
}
