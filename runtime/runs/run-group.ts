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

/** What runs are made of, in the groups that workflows carry. */
export function inGroups<Member>(members: readonly Member[], size: number): Member[][] {
  const count = Math.ceil(members.length / size);
  return Array.from({ length: count }, (_, index) => members.slice(index * size, (index + 1) * size));
}
